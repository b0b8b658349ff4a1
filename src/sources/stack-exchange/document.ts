import { createHash } from 'node:crypto'
import type { Document } from '../../contracts/document.ts'
import { readHtml, unescapeHtml } from '../../remotes/html/read-html.ts'
import type { Comment, Locator, Post, Revision } from './schema.ts'

/** The sites whose host is not made of their name. https://api.stackexchange.com/docs/sites */
const hosts: Readonly<Record<string, string>> = {
  stackoverflow: 'stackoverflow.com', serverfault: 'serverfault.com', superuser: 'superuser.com', askubuntu: 'askubuntu.com', stackapps: 'stackapps.com', 'mathoverflow.net': 'mathoverflow.net',
}

/** `devops` is devops.stackexchange.com, `ru.stackoverflow` is ru.stackoverflow.com. */
export function hostOf(site: string): string {
  return hosts[site] ?? (site.endsWith('.stackoverflow') ? `${site}.com` : `${site}.stackexchange.com`)
}

export function documentOfPost(site: string, post: Post): Document {
  const author = post.owner?.display_name ?? null
  const url = `https://${hostOf(site)}/${post.post_type === 'question' ? 'q' : 'a'}/${post.post_id}`
  return {
    ...common(site, { site, kind: 'post', post: post.post_id, page: 1, alone: false }),
    revision: post.last_activity_date === undefined ? '' : String(post.last_activity_date),
    url,
    title: plain(post.title),
    // The title of an answer is that of its question.
    ...content([post.post_type === 'question' ? plain(post.title) : '', textOf(post)]),
    author,
    publishedAt: new Date(post.creation_date * 1000),
    // The text may have come with an edit; when it did, the history tells.
    publishedAtIsLowerBound: false,
    ...licenceOf(author, site, post.content_license, url),
  }
}

export function documentOfComment(site: string, comment: Comment): Document {
  const author = comment.owner?.display_name ?? null
  const url = `https://${hostOf(site)}/posts/comments/${comment.comment_id}`
  const where: Locator = { site, kind: 'comments', post: comment.post_id, page: 1, alone: true, comment: comment.comment_id }
  return {
    ...common(site, where),
    ref: `${site}/${comment.post_id}/comments#${comment.comment_id}`,
    revision: '',
    url,
    title: '',
    ...content([textOf(comment)]),
    author,
    publishedAt: new Date(comment.creation_date * 1000),
    ...licenceOf(author, site, comment.content_license, url),
  }
}

/**
 * What a post said before: an edit takes nothing out of the public, the history stays readable until a moderator
 * redacts it. One document for all former revisions, oldest first; null: there are none.
 */
export function documentOfHistory(site: string, postId: number, revisions: readonly Revision[], page: number): Document | null {
  const numbered = revisions.filter(({ revision_number }) => revision_number !== undefined).sort((a, b) => (a.revision_number ?? 0) - (b.revision_number ?? 0))
  const former = page === 1 ? numbered.slice(0, -1) : numbered
  const [first] = former
  if (first === undefined) return null
  const where: Locator = { site, kind: 'history', post: postId, page, alone: true }
  const url = `https://${hostOf(site)}/posts/${postId}/revisions`
  const author = first.user?.display_name ?? null
  return {
    ...common(site, where),
    revision: String(former.at(-1)?.revision_number ?? ''),
    url,
    title: plain(first.title),
    ...content(former.flatMap(({ revision_number, title, body }) => [`Revision ${revision_number}`, plain(title), body ?? ''])),
    author,
    publishedAt: new Date(first.creation_date * 1000),
    ...licenceOf(author, site, first.content_license, url),
  }
}

function common(site: string, where: Locator): Pick<Document, 'source' | 'ref' | 'lineAnchor' | 'container' | 'path' | 'truncated' | 'locator'> {
  return {
    source: 'stack-exchange',
    ref: `${site}/${where.post}${where.kind === 'post' ? '' : `/${where.kind}`}${where.page > 1 ? `/${where.page}` : ''}`,
    lineAnchor: '',
    container: { id: site, name: hostOf(site), owner: null },
    path: null,
    truncated: false,
    locator: where,
  }
}

/** Markdown keeps code as it was written; the HTML is what is left where a server does not tell it. */
function textOf({ body, body_markdown }: { readonly body?: string | null; readonly body_markdown?: string | null }): string {
  return body_markdown ?? body ?? ''
}

function content(parts: readonly string[]): Pick<Document, 'text' | 'contentHash'> {
  const text = new TextEncoder().encode(parts.filter((part) => part !== '').join('\n\n'))
  return { text, contentHash: createHash('sha256').update(text).digest('hex') }
}

function plain(title: string | null | undefined): string {
  return readHtml(unescapeHtml(title ?? ''))
}

/** https://stackoverflow.com/help/licensing: author, site, link and licence stand beside a quotation. */
function licenceOf(author: string | null, site: string, licence: string | null | undefined, url: string): { readonly licence: string } {
  return { licence: `${author ?? 'somebody whose account is deleted'} on ${hostOf(site)}, ${url}, ${licence ?? 'CC BY-SA'}` }
}
