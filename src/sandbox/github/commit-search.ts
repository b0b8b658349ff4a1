import type { Hono } from 'hono'
import type { SandboxEnv } from '../door.ts'
import { runGit } from '../git/run-git.ts'
import { readCommit, type Repository } from './catalogue.ts'
import { describeCommit } from './describe-commit.ts'
import { isInScope, isInTime } from './parse-search.ts'
import { answerSearch, holdsTerms } from './search-answer.ts'
import { describeMinimalRepository } from './shapes.ts'
import { admit, type Site } from './site.ts'

interface Written {
  readonly repository: Repository
  readonly oid: string
  /** ISO 8601 in UTC. */
  readonly committedAt: string
  readonly message: string
}

const known = new WeakMap<Repository, { readonly head: string; readonly commits: readonly Written[] }>()

/** Every commit of the default branch, kept until its head moves. */
async function readCommits(site: Site, repository: Repository): Promise<readonly Written[]> {
  const head = await readCommit(site.objects, repository, 'HEAD')
  if (head === null) return []
  const kept = known.get(repository)
  if (kept?.head === head.oid) return kept.commits
  const output = (await runGit(repository.gitDir, ['log', '-z', '--format=%H%x1f%ct%x1f%B', head.oid])).toString('utf8')
  const commits = output.split('\0').filter((record) => record !== '').map((record): Written => {
    const [oid = '', seconds = '', message = ''] = record.trimStart().split('\x1f')
    return { repository, oid, committedAt: new Date(Number(seconds) * 1_000).toISOString(), message }
  })
  known.set(repository, { head: head.oid, commits })
  return commits
}

/** `GET /search/commits`: messages of the commits on default branches. */
export function serveCommitSearch(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/search/commits', (context) =>
    admit(site, context, { bucket: 'search', endpoint: 'search/commits' }, async () => {
      const open = site.catalogue.repositories.filter(({ state, forkOf }) => state === 'public' && forkOf === null)
      const commits = (await Promise.all(open.map((repository) => readCommits(site, repository)))).flat()
      return answerSearch<Written>(site, context, {
        find: (search) => commits.filter((one) =>
          isInScope(search, one.repository.fullName, false) && isInTime(search, { 'committer-date': one.committedAt }) && holdsTerms(site, search, one.message)),
        describe: async ({ repository, oid }) => {
          const commit = await readCommit(site.objects, repository, oid)
          const shown = commit === null ? {} : describeCommit(site, repository, commit)
          return { ...shown, repository: describeMinimalRepository(repository, repository.fullName, site.addresses), score: 1 }
        },
      })
    }))
}
