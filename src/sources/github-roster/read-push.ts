import type { Document } from '../../contracts/document.ts'
import type { Fetched, Hit, Memory } from '../../contracts/source.ts'
import { askRest } from '../../remotes/github/ask-rest.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { isBlocked, refusalOf, type Refusal } from '../../remotes/github/errors.ts'
import { batchSize, createFetchFiles } from '../../remotes/github/files/fetch-files.ts'
import type { Locator } from '../../remotes/github/files/schema.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import { refOf } from './poll-person.ts'
import {
  comparedCommit, comparedFile, comparison, knownRepository, pushLocator, repositoryAnswer, treeAnswer, treeEntry,
  type KnownRepository, type Push, type PushLocator,
} from './schema.ts'

/** Files of a new branch or repository that are read; a comparison never brings more than 300. */
const mostFiles = 1_000
const comparedFiles = 300
/** How long it is believed what a repository is: hours for one that is gone, since it may come back. Milliseconds. */
const believedMs = { there: 24 * 3_600_000, gone: 3_600_000 }

const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }
type Part<Kind extends PushLocator['kind']> = Extract<PushLocator, { readonly kind: Kind }>

/**
 * `fetch` of the opened source, one request a call. A push is read in steps that lead to each other: what its
 * repository is, what it changed (or everything, where there is nothing to compare with), then the files.
 */
export function createReadPush(client: GithubClient, memory: Memory): (hits: readonly Hit[]) => Promise<Fetched> {
  const fetchFiles = createFetchFiles(client)
  return async (hits) => {
    const read = hits.map((hit) => ({ hit, locator: pushLocator.safeParse(hit.locator) }))
    const [step, ...others] = read.filter(({ locator }) => locator.success)
    const files = read.filter(({ locator }) => !locator.success).map(({ hit }) => hit)
    if (step?.locator.success !== true) return textOnly(await fetchFiles(files))
    const { hit, locator: { data } } = step
    const fetched = await readStep(client, memory, fetchFiles, hit, data)
    return { ...fetched, retry: [...fetched.retry, ...others.map((other) => other.hit), ...files] }
  }
}

function readStep(client: GithubClient, memory: Memory, fetchFiles: (hits: readonly Hit[]) => Promise<Fetched>, hit: Hit, locator: PushLocator): Promise<Fetched> {
  if (locator.kind === 'push') return readRepository(client, memory, hit, locator)
  if (locator.kind === 'compare') return readChanges(client, hit, locator)
  if (locator.kind === 'tree') return readTree(client, hit, locator)
  return fetchFiles(locator.files.map((file) => fileHit(client, locator, file))).then(textOnly)
}

/** Pictures and submodules have no text: nothing is missed by not reading them. */
function textOnly(fetched: Fetched): Fetched {
  const textless = fetched.unreadable.filter(({ reason }) => reason === 'binary file' || reason === 'it is no file')
  return { ...fetched, absent: [...fetched.absent, ...textless], unreadable: fetched.unreadable.filter((one) => !textless.includes(one)) }
}

/** https://docs.github.com/en/rest/repos/repos#get-a-repository, by its number, which survives renames. */
async function readRepository(client: GithubClient, memory: Memory, hit: Hit, { push }: Part<'push'>): Promise<Fetched> {
  const key = `repository:${push.repositoryId}`
  const stored = knownRepository.safeParse(await memory.get(key))
  const age = stored.success ? client.now().getTime() - Date.parse(stored.data.at) : Infinity
  const known = stored.success && age < (stored.data.gone ? believedMs.gone : believedMs.there) ? stored.data : await askRepository(client, push)
  if (!stored.success || stored.data !== known) await memory.set(key, known)
  if (known.gone) return { ...nothing, absent: [{ ref: hit.ref, reason: 'the repository is gone, blocked, or not public any more' }] }
  // By that name it may be ours, whoever pushed to it.
  if (client.own.has(ownerOf(known.name).toLowerCase())) return { ...nothing, absent: [{ ref: hit.ref, reason: 'it is our own repository' }] }
  const { nodeId, name, defaultBranch } = known
  const repository = { nodeId, name, defaultBranch }
  const base = push.before ?? (isDefault(push, defaultBranch) ? null : defaultBranch)
  return { ...nothing, further: [stepHit(hit, base === null ? { kind: 'tree', push, repository } : { kind: 'compare', push, repository, base })] }
}

async function askRepository(client: GithubClient, { repositoryId }: Push): Promise<KnownRepository> {
  const answer = await askRest(client, { resource: 'core', path: `/repositories/${repositoryId}`, schema: repositoryAnswer, accept: [403, 404, 410, 451] })
  throwIfForbidden(client, answer)
  const at = client.now().toISOString()
  if (answer.status !== 200 || answer.body.private || String(answer.body.id) !== repositoryId) return { gone: true, at }
  return { gone: false, at, nodeId: answer.body.node_id, name: answer.body.full_name, defaultBranch: answer.body.default_branch }
}

/** A 403 without a block says nothing of the repository. */
function throwIfForbidden(client: GithubClient, answer: Refusal): void {
  if (answer.status === 403 && !isBlocked(answer)) throw refusalOf(answer, 'core', client.quota, client.now())
}

function isDefault({ branch }: Push, defaultBranch: string): boolean {
  return branch === null || branch === defaultBranch
}

function stepHit(hit: Hit, locator: PushLocator): Hit {
  const step = locator.kind === 'compare' ? `compare-${locator.base}` : locator.kind
  return { ref: `${refOf(locator.push)}:${step}`, contentHash: null, locator, container: locator.kind === 'push' ? hit.container : locator.repository.name, path: null }
}

/**
 * What a push changed. A forced one may have left nothing to compare with: then the default branch stands in, and
 * on the default branch everything is read. https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
async function readChanges(client: GithubClient, hit: Hit, locator: Part<'compare'>): Promise<Fetched> {
  const { push, repository, base } = locator
  const range = `${encodeURIComponent(base)}...${encodeURIComponent(push.head)}`
  const answer = await askRest(client, {
    resource: 'core', path: `/repositories/${push.repositoryId}/compare/${range}`, schema: comparison, accept: [403, 404, 409, 410, 451], maxBytes: 64 * 1024 * 1024,
  })
  throwIfForbidden(client, answer)
  if (answer.status === 404) {
    const other = base !== repository.defaultBranch && !isDefault(push, repository.defaultBranch)
    return { ...nothing, further: [stepHit(hit, other ? { ...locator, base: repository.defaultBranch } : { kind: 'tree', push, repository })] }
  }
  if (answer.status !== 200) return { ...nothing, absent: [{ ref: hit.ref, reason: 'the repository is empty, blocked, or not public any more' }] }
  const { total_commits, commits, files } = answer.body
  const messages = commits.map((commit) => comparedCommit.safeParse(commit))
  const changed = (files ?? []).map((file) => comparedFile.safeParse(file))
  const there = changed.flatMap((file) => (file.success && file.data.status !== 'removed' && typeof file.data.sha === 'string' ? [{ path: file.data.filename, oid: file.data.sha }] : []))
  const reasons = [
    ...((files ?? []).length >= comparedFiles ? [`a push changed more files than the ${comparedFiles} that GitHub compares`] : []),
    ...(total_commits > commits.length ? ['a push has more commits than GitHub compares, whose messages were not read'] : []),
    ...([...messages, ...changed].every((one) => one.success) ? [] : ['GitHub delivered changes in a form that cannot be read']),
  ]
  const text = messages.flatMap((one) => (one.success ? [one.data.commit.message] : [])).join('\n\n')
  return { ...nothing, documents: [pushDocument(client, locator, text)], further: chunksOf(hit, locator, there), ...shortfallOf(reasons) }
}

/** Everything on a branch that began with this push. https://docs.github.com/en/rest/git/trees#get-a-tree */
async function readTree(client: GithubClient, hit: Hit, locator: Part<'tree'>): Promise<Fetched> {
  const { push } = locator
  const answer = await askRest(client, {
    resource: 'core', path: `/repositories/${push.repositoryId}/git/trees/${encodeURIComponent(push.head)}?recursive=1`, schema: treeAnswer,
    accept: [403, 404, 409, 410, 451], maxBytes: 64 * 1024 * 1024,
  })
  throwIfForbidden(client, answer)
  if (answer.status !== 200) return { ...nothing, absent: [{ ref: hit.ref, reason: 'what was pushed is not there any more' }] }
  const entries = answer.body.tree.map((entry) => treeEntry.safeParse(entry))
  const files = entries.flatMap((entry) => (entry.success && entry.data.type === 'blob' ? [{ path: entry.data.path, oid: entry.data.sha }] : []))
  const reasons = [
    ...(answer.body.truncated || files.length > mostFiles ? [`a new branch or repository has more files than the ${mostFiles} that are read, or than GitHub lists`] : []),
    ...(entries.every((entry) => entry.success) ? [] : ['GitHub delivered a list of files in a form that cannot be read']),
  ]
  return { ...nothing, documents: [pushDocument(client, locator, '')], further: chunksOf(hit, locator, files.slice(0, mostFiles)), ...shortfallOf(reasons) }
}

function shortfallOf(reasons: readonly string[]): { readonly shortfall?: string } {
  return reasons.length === 0 ? {} : { shortfall: reasons.join('; ') }
}

/** The messages of the push; it also says that its files were listed, and are fetched. */
function pushDocument(client: GithubClient, { push, repository }: Part<'compare'> | Part<'tree'>, text: string): Document {
  const { name } = repository
  return textDocument({
    source: 'github-roster', ref: refOf(push), revision: push.head, url: `${client.web}/${name}/commits/${encodeURIComponent(push.head)}`,
    title: `push to ${name}`, container: { id: push.repositoryId, name, owner: ownerOf(name) },
    text, author: push.by, publishedAt: new Date(push.at),
  })
}

function chunksOf(hit: Hit, { push, repository }: Part<'compare'> | Part<'tree'>, files: readonly { readonly path: string; readonly oid: string }[]): readonly Hit[] {
  const chunks: Hit[] = []
  for (let at = 0; at < files.length; at += batchSize) {
    const chunk = stepHit(hit, { kind: 'files', push, repository, files: files.slice(at, at + batchSize) })
    chunks.push({ ...chunk, ref: `${chunk.ref}-${at / batchSize}` })
  }
  return chunks
}

/** On the default branch it is the place that code search shows, and so it is the same document; elsewhere its own. */
function fileHit(client: GithubClient, { push, repository }: Part<'files'>, { path, oid }: { readonly path: string; readonly oid: string }): Hit {
  const { repositoryId, branch, head, by, at } = push
  const { nodeId, name, defaultBranch } = repository
  const searched = isDefault(push, defaultBranch)
  const commit = /^[0-9a-f]{40,64}$/.test(head) ? head : null
  const locator: Locator = {
    nodeId, repositoryId, name, oid, commit, path, web: client.web, whole: false,
    source: searched ? 'github-code' : 'github-roster', pushed: { by, at },
  }
  return { ref: searched ? `${repositoryId}:${path}` : `${repositoryId}:${branch ?? ''}:${path}`, contentHash: oid, locator, container: name, path }
}
