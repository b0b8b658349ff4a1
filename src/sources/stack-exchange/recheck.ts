import type { Document } from '../../contracts/document.ts'
import type { Place, Recheck } from '../../contracts/place.ts'
import { ask, knownFilter, makeFilter, type StackExchange } from './ask.ts'
import { documentOfComment, documentOfHistory, documentOfPost } from './document.ts'
import { comment, locator, post, revision, type Locator } from './schema.ts'

/**
 * Whether a post, a comment or a history still says it. Deleted ones are left out of the answer without a word. What a
 * history says is a place of its own, so that an edited post is read anew and nothing of it is looked up there.
 */
export async function recheckPlace(remote: StackExchange, place: Place): Promise<Recheck> {
  const where = locator.safeParse(place.locator)
  if (!where.success) return { state: 'unknown', reason: 'stored by a version that this one cannot read' }
  const filter = await knownFilter(remote)
  if (filter === null) {
    await makeFilter(remote)
    return { state: 'unknown', reason: 'Stack Exchange was not asked yet: the filter for texts had to be made first' }
  }
  const { document, unreadable } = await read(remote, filter, where.data)
  if (document !== null) return { state: 'present', document, missing: [] }
  if (unreadable > 0) return { state: 'unknown', reason: 'Stack Exchange answered in a form that cannot be read' }
  return { state: 'absent', status: 'gone', reason: where.data.kind === 'history' ? 'there is no former revision any more' : 'it is deleted' }
}

async function read(remote: StackExchange, filter: string, { site, kind, post: id, page, comment: commentId }: Locator): Promise<{ readonly document: Document | null; readonly unreadable: number }> {
  const parameters = { site, filter, pagesize: '100' }
  if (kind === 'history') {
    const answer = await ask(remote, 'revisions', `posts/${id}/revisions`, { ...parameters, page: String(page) }, revision)
    return { document: documentOfHistory(site, id, answer.read, page), unreadable: answer.unreadable }
  }
  if (commentId !== undefined) {
    const { read: found, unreadable } = await ask(remote, 'comments', `comments/${commentId}`, parameters, comment)
    return { document: found.map((one) => documentOfComment(site, one))[0] ?? null, unreadable }
  }
  const { read: found, unreadable } = await ask(remote, 'posts', `posts/${id}`, parameters, post)
  return { document: found.map((one) => documentOfPost(site, one))[0] ?? null, unreadable }
}
