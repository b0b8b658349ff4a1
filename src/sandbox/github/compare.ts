import type { SandboxContext } from '../door.ts'
import { listFiles } from '../git/list-files.ts'
import { runGit } from '../git/run-git.ts'
import { readCommit, type Repository } from './catalogue.ts'
import { describeCommit } from './describe-commit.ts'
import { encodePath } from './shapes.ts'
import { failure, notFound, type Answer, type Site } from './site.ts'

/** Files of a comparison, all on its first page; commits of one that is not paged; entries of a tree. */
const mostFiles = 300
const mostCommits = 250
const mostEntries = 100_000

const statuses: Readonly<Record<string, string>> = { A: 'added', M: 'modified', D: 'removed', R: 'renamed', C: 'copied', T: 'changed' }

interface ChangedFile {
  readonly filename: string
  readonly status: string
  readonly sha: string | null
  readonly previous_filename?: string
}

/** What changed from one commit to another. A file that is gone has the id that it had. */
async function readChanges({ gitDir }: Repository, from: string, to: string): Promise<ChangedFile[]> {
  const output = (await runGit(gitDir, ['diff-tree', '-r', '-z', '-M', '--raw', '--no-commit-id', from, to])).toString('utf8').split('\0')
  const changes: ChangedFile[] = []
  for (let at = 0; at + 1 < output.length;) {
    const [, , before = '', after = '', letter = ''] = output[at]!.split(' ')
    const moved = letter.startsWith('R') || letter.startsWith('C')
    const filename = output[at + (moved ? 2 : 1)] ?? ''
    changes.push({
      filename,
      status: statuses[letter[0] ?? ''] ?? 'modified',
      sha: letter.startsWith('D') ? before : after,
      ...(moved ? { previous_filename: output[at + 1] ?? '' } : {}),
    })
    at += moved ? 3 : 2
  }
  return changes
}

async function lines(repository: Repository, args: readonly string[]): Promise<string[]> {
  return (await runGit(repository.gitDir, args)).toString('latin1').split('\n').filter((line) => line !== '')
}

/** `GET …/compare/{base}...{head}`: against the commit that both come from; 404 when one is not there, or nothing joins them. */
export async function answerCompare(site: Site, repository: Repository, range: string): Promise<Answer> {
  const missing = notFound('https://docs.github.com/rest/commits/commits#compare-two-commits')
  if ((await readCommit(site.objects, repository, 'HEAD')) === null) return failure(409, 'Git Repository is empty.', 'https://docs.github.com/rest/git')
  const { from = '', to = '' } = /^(?<from>[^.]+)\.\.\.(?<to>[^.]+)$/.exec(range)?.groups ?? {}
  const base = await readCommit(site.objects, repository, from)
  const head = await readCommit(site.objects, repository, to)
  if (base === null || head === null) return missing
  const [joint] = await lines(repository, ['merge-base', base.oid, head.oid]).catch(() => [])
  if (joint === undefined) return missing
  const oids = await lines(repository, ['rev-list', '--reverse', `${base.oid}..${head.oid}`])
  const behind = await lines(repository, ['rev-list', '--count', `${head.oid}..${base.oid}`])
  const files = await readChanges(repository, joint, head.oid)
  const commits = []
  for (const oid of oids.slice(-mostCommits)) {
    const commit = await readCommit(site.objects, repository, oid)
    if (commit !== null) commits.push(describeCommit(site, repository, commit))
  }
  const [ahead, after] = [oids.length, Number(behind[0] ?? 0)]
  const { apiUrl, htmlUrl } = site.addresses
  return {
    status: 200,
    json: {
      url: `${apiUrl}/repos/${repository.fullName}/compare/${from}...${to}`,
      html_url: `${htmlUrl}/${repository.fullName}/compare/${from}...${to}`,
      status: ahead === 0 ? (after === 0 ? 'identical' : 'behind') : after === 0 ? 'ahead' : 'diverged',
      ahead_by: ahead, behind_by: after, total_commits: ahead, commits,
      base_commit: describeCommit(site, repository, base),
      files: files.slice(0, mostFiles).map((file) => ({
        ...file, additions: 1, deletions: 0, changes: 1,
        blob_url: `${htmlUrl}/${repository.fullName}/blob/${head.oid}/${encodePath(file.filename)}`,
        raw_url: `${htmlUrl}/${repository.fullName}/raw/${head.oid}/${encodePath(file.filename)}`,
        contents_url: `${apiUrl}/repos/${repository.fullName}/contents/${encodePath(file.filename)}?ref=${head.oid}`,
      })),
    },
  }
}

/** `GET …/git/trees/{sha}?recursive=1`: every file of a commit or tree. */
export async function answerTree(site: Site, context: SandboxContext, repository: Repository, revision: string): Promise<Answer> {
  if ((await readCommit(site.objects, repository, 'HEAD')) === null) return failure(409, 'Git Repository is empty.', 'https://docs.github.com/rest/git')
  const commit = await readCommit(site.objects, repository, revision)
  if (commit === null) return notFound('https://docs.github.com/rest/git/trees#get-a-tree')
  const all = await listFiles(repository.gitDir, commit.oid)
  const cut = context.get('strike')('treeTruncated') !== null
  const shown = all.slice(0, cut ? Math.ceil(all.length / 2) : mostEntries)
  const url = `${site.addresses.apiUrl}/repos/${repository.fullName}/git`
  return {
    status: 200,
    json: {
      sha: commit.tree, url: `${url}/trees/${commit.tree}`, truncated: shown.length < all.length,
      tree: shown.map(({ mode, oid, size, path }) => ({
        path, mode, type: mode === '160000' ? 'commit' : 'blob', sha: oid, ...(size === null ? {} : { size, url: `${url}/blobs/${oid}` }),
      })),
    },
  }
}
