import { createHash } from 'node:crypto'
import type { Document } from '../../contracts/document.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import type { Found, Node } from './schema.ts'

const web = 'https://news.ycombinator.com'

interface Item {
  readonly id: string
  readonly title: string
  readonly parts: readonly (string | null | undefined)[]
  readonly author: string | null
  readonly createdAt: number
}

export function documentOfFound(item: Found): Document {
  const title = item.title ?? item.story_title ?? ''
  return documentOf({
    id: item.objectID,
    title,
    // The title of the story above a comment is the story's, not the comment's.
    parts: [item.title, item.url, item.story_text, item.comment_text],
    author: item.author ?? null,
    createdAt: item.created_at_i,
  })
}

export function documentOfNode(item: Node, story: string): Document {
  return documentOf({ id: String(item.id), title: item.title ?? story, parts: [item.title, item.url, item.text], author: item.author ?? null, createdAt: item.created_at_i })
}

/** There is no history of edits, which are possible for about two hours: what was read is what is known. */
function documentOf({ id, title, parts, author, createdAt }: Item): Document {
  const text = new TextEncoder().encode(parts.map((part) => readHtml(part ?? '')).filter((part) => part !== '').join('\n'))
  return {
    source: 'hacker-news',
    ref: id,
    revision: '',
    contentHash: createHash('sha256').update(text).digest('hex'),
    url: `${web}/item?id=${id}`,
    lineAnchor: '',
    title,
    container: { id: 'hacker-news', name: 'Hacker News', owner: null },
    path: null,
    text,
    truncated: false,
    author,
    publishedAt: new Date(createdAt * 1000),
    locator: id,
  }
}
