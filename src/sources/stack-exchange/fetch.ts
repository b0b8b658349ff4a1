import type { Document } from '../../contracts/document.ts'
import type { Fetched, Hit, OnMatch } from '../../contracts/source.ts'
import { Transient } from '../../errors.ts'
import { ask, knownFilter, makeFilter, type StackExchange } from './ask.ts'
import { documentOfComment, documentOfHistory, documentOfPost } from './document.ts'
import { comment, locator, post, revision, type Locator, type Post } from './schema.ts'
import { hitOf } from './search.ts'

/** Ids that one request takes. https://api.stackexchange.com/docs/vectors */
export const batchSize = 100
const perPage = '100'
/** Pages of comments or revisions of one batch; beyond, it is said. */
const mostPages = 25

interface Wanted {
  readonly hit: Hit
  readonly where: Locator
}

const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }

/**
 * One request for as many of the hits as it can serve (one site, one kind); the others come back in `retry`. The first
 * ever makes the filter that asks for texts.
 */
export async function fetchHits(remote: StackExchange, hits: readonly Hit[]): Promise<Fetched> {
  const wanted = hits.map((hit) => ({ hit, where: locator.safeParse(hit.locator) }))
  const unreadable = wanted.filter(({ where }) => !where.success).map(({ hit }) => ({ ref: hit.ref, reason: 'stored by a version that this one cannot read' }))
  const readable = wanted.flatMap(({ hit, where }): Wanted[] => (where.success ? [{ hit, where: where.data }] : []))
  const [first] = readable
  if (first === undefined) return { ...nothing, unreadable }
  const filter = await knownFilter(remote)
  if (filter === null) {
    await makeFilter(remote)
    return { ...nothing, retry: readable.map(({ hit }) => hit), unreadable }
  }
  const alone = ({ alone: asked, kind }: Locator): boolean => asked || kind === 'history'
  const batch = alone(first.where) ? [first] : readable.filter(({ where }) => !alone(where) && where.site === first.where.site && where.kind === first.where.kind)
  const left = readable.filter((one) => !batch.includes(one)).map(({ hit }) => hit)
  const fetched = await fetchBatch(remote, filter, first.where, batch)
  return { ...fetched, retry: [...fetched.retry, ...left], unreadable: [...fetched.unreadable, ...unreadable] }
}

function fetchBatch(remote: StackExchange, filter: string, where: Locator, batch: readonly Wanted[]): Promise<Fetched> {
  const ids = batch.map((one) => one.where.post)
  switch (where.kind) {
    case 'post':
      return fetchPosts(remote, filter, where, batch, ids)
    case 'comments':
      return fetchComments(remote, filter, where, batch, ids)
    case 'history':
      return fetchHistory(remote, filter, where, batch, ids)
  }
}

async function fetchPosts(remote: StackExchange, filter: string, { site }: Locator, batch: readonly Wanted[], ids: readonly number[]): Promise<Fetched> {
  const { read, unreadable, delivered } = await ask(remote, 'posts', `posts/${ids.join(';')}`, { site, filter, pagesize: perPage }, post)
  // Deleted posts are left out without a word; when all of several are, it is rather the API that is ill.
  if (delivered === 0 && batch.length > 1) throw new Transient('Stack Exchange left out every post that was asked for')
  const byId = new Map(read.map((one) => [one.post_id, one]))
  const missing = batch.filter(({ where }) => !byId.has(where.post))
  const lost = missing.map(({ hit }) => ({ ref: hit.ref, reason: unreadable > 0 ? 'a post in a form that cannot be read' : 'the post is deleted' }))
  return {
    ...nothing,
    documents: read.map((one) => documentOfPost(site, one)),
    absent: unreadable > 0 ? [] : lost,
    unreadable: unreadable > 0 ? lost : [],
    onMatch: read.map((one) => hangingOn(site, one)),
  }
}

/** Comments are in no search, and an edit leaves the former text in the history: both are read for posts that matched. */
function hangingOn(site: string, { post_id, last_edit_date }: Post): OnMatch {
  const edited: Hit[] = last_edit_date === undefined ? [] : [hitOf({ site, kind: 'history', post: post_id })]
  return { ref: hitOf({ site, kind: 'post', post: post_id }).ref, hits: [hitOf({ site, kind: 'comments', post: post_id }), ...edited] }
}

async function fetchComments(remote: StackExchange, filter: string, { site, page }: Locator, batch: readonly Wanted[], ids: readonly number[]): Promise<Fetched> {
  const { read, unreadable, hasMore } = await ask(remote, 'comments', `posts/${ids.join(';')}/comments`, { site, filter, pagesize: perPage, page: String(page), sort: 'creation', order: 'asc' }, comment)
  return {
    ...nothing,
    documents: read.map((one) => documentOfComment(site, one)),
    further: nextPages(batch.map(({ where }) => where), hasMore),
    unreadable: unreadable > 0 ? [{ ref: batch[0]?.hit.ref ?? '', reason: 'a comment in a form that cannot be read' }] : [],
    ...(hasMore && page >= mostPages ? { shortfall: 'more comments than are read' } : {}),
  }
}

async function fetchHistory(remote: StackExchange, filter: string, { site, post: id, page }: Locator, batch: readonly Wanted[], ids: readonly number[]): Promise<Fetched> {
  const { read, unreadable, hasMore } = await ask(remote, 'revisions', `posts/${ids.join(';')}/revisions`, { site, filter, pagesize: perPage, page: String(page) }, revision)
  const document: Document | null = documentOfHistory(site, id, read, page)
  return {
    ...nothing,
    documents: document === null ? [] : [document],
    further: nextPages(batch.map(({ where }) => where), hasMore),
    unreadable: unreadable > 0 ? [{ ref: batch[0]?.hit.ref ?? '', reason: 'a revision in a form that cannot be read' }] : [],
    ...(hasMore && page >= mostPages ? { shortfall: 'more revisions of a post than are read' } : {}),
  }
}

/** What of several posts together does not fit on a page is asked for post by post, from the beginning. */
function nextPages(asked: readonly Locator[], hasMore: boolean): Hit[] {
  if (!hasMore) return []
  const [only] = asked
  if (asked.length > 1 || only === undefined) return asked.map((where) => hitOf({ ...where, alone: true }))
  return only.page < mostPages ? [hitOf({ ...only, alone: true, page: only.page + 1 })] : []
}
