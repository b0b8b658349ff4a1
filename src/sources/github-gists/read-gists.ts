import type { Document } from '../../contracts/document.ts'
import type { Place, Recheck } from '../../contracts/place.ts'
import type { Fetched, Hit, Memory, SearchPage } from '../../contracts/source.ts'
import { askRest } from '../../remotes/github/ask-rest.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { isBlocked, refusalOf } from '../../remotes/github/errors.ts'
import { textDocument } from '../../remotes/github/text-document.ts'
import { gistAnswer, gistFile, gistList, gistLocator, listedGist, rememberedList, type GistAnswer, type GistLocator, type RememberedList } from './schema.ts'

const perPage = 100
/** GitHub lists no more than 3,000. */
const lastPage = 30
const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }

/**
 * One page of a person's public gists. What was read already is known by its ref and revision; memory only spares
 * requests: an unchanged page is a 304 that costs nothing, and says what it said.
 */
export async function listGists(client: GithubClient, memory: Memory, login: string, page: string | null): Promise<SearchPage> {
  const number = page === null ? 1 : Number(page)
  const key = `gists:${login.toLowerCase()}:${number}`
  const stored = rememberedList.safeParse(await memory.get(key))
  const kept = stored.success ? stored.data : null
  const answer = await askRest(client, {
    resource: 'core', path: `/users/${encodeURIComponent(login)}/gists?per_page=${perPage}&page=${number}`, schema: gistList, accept: [304, 404],
    headers: kept?.etag === null || kept === null ? {} : { 'if-none-match': kept.etag },
  })
  if (answer.status === 404) return { hits: [], documents: [], next: null, counted: 0, shortfall: 'GitHub does not know somebody on the roster (any more)' }
  if (answer.status === 304 && kept !== null) return answerOf(kept, login, number)
  const parsed = (answer.status === 304 ? [] : answer.body).map((one) => listedGist.safeParse(one))
  const gists = parsed.flatMap((one) => (one.success ? [one.data] : []))
  const current: RememberedList = {
    etag: answer.headers.get('etag'), gists, more: parsed.length >= perPage, unreadable: answer.status === 304 || gists.length < parsed.length,
  }
  await memory.set(key, current)
  return answerOf(current, login, number)
}

function answerOf({ gists, more, unreadable }: RememberedList, login: string, number: number): SearchPage {
  const reasons = [
    ...(unreadable ? ['GitHub delivered gists in a form that cannot be read'] : []),
    ...(more && number >= lastPage ? ['somebody has more gists than the 3,000 that GitHub lists'] : []),
  ]
  const hits = gists.map(({ id, updated_at }): Hit => ({
    ref: `gist:${id}`, contentHash: null, revision: updated_at, locator: { id, login, updatedAt: updated_at }, container: `${login}/gist:${id}`, path: null,
  }))
  return { hits, documents: [], next: more && number < lastPage ? String(number + 1) : null, counted: null, shortfall: reasons.length === 0 ? null : reasons.join('; ') }
}

/** `fetch` of the opened source: one gist, its files a document each, its description too. */
export async function fetchGist(client: GithubClient, hits: readonly Hit[]): Promise<Fetched> {
  const [hit, ...later] = hits
  if (hit === undefined) return nothing
  const parsed = gistLocator.safeParse(hit.locator)
  const fetched = parsed.success
    ? await askGist(client, hit, parsed.data.login)
    : { ...nothing, unreadable: [{ ref: hit.ref, reason: 'stored by a version that this one cannot read' }] }
  return { ...fetched, retry: [...fetched.retry, ...later] }
}

async function askGist(client: GithubClient, hit: Hit, login: string): Promise<Fetched> {
  const { id } = gistLocator.parse(hit.locator)
  const answer = await readGist(client, id)
  if (answer.status === 403 && !isBlocked(answer)) throw refusalOf(answer, 'core', client.quota, client.now())
  if (answer.status !== 200) return { ...nothing, absent: [{ ref: hit.ref, reason: 'the gist is gone, blocked, or not public any more' }] }
  const { documents, cut, unreadable } = documentsOf(answer.body, login)
  const reasons = [
    ...(answer.body.truncated === true ? ['a gist has more files than the 300 that GitHub shows'] : []),
    ...(cut ? ['a file of a gist is longer than what GitHub shows of it'] : []),
    ...(unreadable ? ['GitHub delivered files of a gist in a form that cannot be read'] : []),
  ]
  return { ...nothing, documents, ...(reasons.length === 0 ? {} : { shortfall: reasons.join('; ') }) }
}

/** https://docs.github.com/en/rest/gists/gists#get-a-gist */
function readGist(client: GithubClient, id: string) {
  return askRest(client, { resource: 'core', path: `/gists/${id}`, schema: gistAnswer, accept: [403, 404, 410, 451], maxBytes: 400 * 1024 * 1024 })
}

/** Its files, then its description: said of the gist last, so that its files are stored by then. */
function documentsOf({ id, description, html_url: url, created_at, updated_at, files }: GistAnswer, login: string): { readonly documents: readonly Document[]; readonly cut: boolean; readonly unreadable: boolean } {
  const entries = Object.values(files).map((file) => gistFile.safeParse(file))
  const readable = entries.flatMap((file) => (file.success ? [file.data] : []))
  const edited = created_at !== updated_at
  const locator: GistLocator = { id, login, updatedAt: updated_at }
  const common = {
    source: 'github-gists', revision: updated_at, url, author: login, container: { id: `gist:${id}`, name: `${login}/gist:${id}`, owner: login }, locator,
    // An edit may have brought the name: what stands there now was there at the last one.
    publishedAt: new Date(edited ? updated_at : created_at), publishedAtIsLowerBound: edited,
  }
  const documents: Document[] = readable.map(({ filename, content, truncated: cut }) => textDocument({
    ...common, ref: `gist:${id}:${filename}`, title: `${login}: ${filename}`, text: content, path: filename, truncated: cut === true, lineAnchor: `#file-${anchorOf(filename)}-L`,
  }))
  return {
    documents: [...documents, textDocument({ ...common, ref: `gist:${id}`, title: `${login}: gist`, text: description ?? '' })],
    cut: readable.some((file) => file.truncated === true),
    unreadable: readable.length < entries.length,
  }
}

/**
 * Whether a file of a gist, or its description, is still there. Former revisions of files stay public with the gist; a
 * former description is nowhere. https://docs.github.com/en/get-started/writing-on-github/editing-and-sharing-content-with-gists
 */
export async function recheckGist(client: GithubClient, place: Place): Promise<Recheck> {
  const stored = gistLocator.safeParse(place.locator)
  if (!stored.success) return { state: 'unknown', reason: 'stored by a version that this one cannot read' }
  const answer = await readGist(client, stored.data.id)
  const { status } = answer
  if (status === 451 || (status === 403 && isBlocked(answer))) return { state: 'blocked', reason: `GitHub blocks the gist (${status})` }
  if (status === 403) throw refusalOf(answer, 'core', client.quota, client.now())
  if (status === 404 || status === 410) return { state: 'absent', status: 'gone', reason: `the gist is gone (${status})` }
  const { documents, unreadable } = documentsOf(answer.body, stored.data.login)
  const document = documents.find(({ ref }) => ref === place.ref)
  if (document !== undefined) {
    const former = place.path === null ? [place.contentHash, ...place.formerHashes].filter((hash) => hash !== document.contentHash) : []
    return { state: 'present', document, missing: [...new Set(former)] }
  }
  if (unreadable || answer.body.truncated === true) return { state: 'unknown', reason: 'GitHub does not show all files of the gist' }
  return { state: 'absent', status: 'gone-from-head', reason: 'the file was removed; former revisions of the gist still have it' }
}

/** GitHub's own rule for the names of its anchors. */
function anchorOf(filename: string): string {
  return filename.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
