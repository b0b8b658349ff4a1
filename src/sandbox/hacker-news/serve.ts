import type { Hono } from 'hono'
import { failOnTheWire, type SandboxEnv } from '../door.ts'

/** A story, or a comment below one. Deleted: it keeps its place in the tree, without author and text. */
export interface NewsItem {
  readonly id: number
  readonly kind: 'story' | 'comment'
  readonly author: string
  readonly title?: string
  /** HTML, as the site has it. */
  readonly text?: string
  readonly parent?: number
  readonly createdAt: string
  readonly deleted?: boolean
}

/** What the search shows of a query, whatever it counts. */
const reachable = 1_000

/**
 * The search of Hacker News below `/hacker-news/api/v1`. Hyphens, slashes, @ and underscores are separators, so that
 * many hits are none; a quoted query is a sequence of words.
 */
export function serveHackerNews(app: Hono<SandboxEnv>, { items, closing }: { readonly items: readonly NewsItem[]; readonly closing: AbortSignal }): void {
  app.get('/hacker-news/api/v1/search_by_date', async (context) => {
    const failure = await failOnTheWire(context, closing)
    if (failure !== null) return failure
    const words = wordsOf(context.req.query('query') ?? '')
    const tags = context.req.query('tags') ?? ''
    const until = /^created_at_i<=(\d+)$/.exec(context.req.query('numericFilters') ?? '')?.[1]
    const perPage = Math.min(reachable, Number(context.req.query('hitsPerPage') ?? 20))
    const page = Number(context.req.query('page') ?? 0)
    const found = items
      .filter((item) => item.deleted !== true && hasTags(item, tags) && (until === undefined || secondsOf(item) <= Number(until)) && holds(wordsOf(`${item.title ?? ''} ${item.text ?? ''}`), words))
      .sort((a, b) => secondsOf(b) - secondsOf(a))
    return Response.json({
      hits: found.slice(0, reachable).slice(page * perPage, (page + 1) * perPage).map((item) => ({
        objectID: String(item.id), title: item.title ?? null, url: null, author: item.author, points: null,
        story_text: item.kind === 'story' ? (item.text ?? null) : null, comment_text: item.kind === 'comment' ? (item.text ?? null) : null,
        story_id: storyOf(items, item).id, story_title: storyOf(items, item).title ?? null,
        created_at: item.createdAt, created_at_i: secondsOf(item), _tags: [item.kind, `author_${item.author}`],
      })),
      nbHits: found.length, page, nbPages: Math.ceil(Math.min(found.length, reachable) / perPage), hitsPerPage: perPage, exhaustiveNbHits: true,
    })
  })
  app.get('/hacker-news/api/v1/items/:id', async (context) => {
    const failure = await failOnTheWire(context, closing)
    if (failure !== null) return failure
    const item = items.find(({ id }) => String(id) === context.req.param('id'))
    return item === undefined ? Response.json({ status: 404, error: 'Not Found' }, { status: 404 }) : Response.json(treeOf(items, item))
  })
}

function treeOf(items: readonly NewsItem[], item: NewsItem): object {
  return {
    id: item.id, created_at: item.createdAt, created_at_i: secondsOf(item), type: item.kind, author: item.deleted === true ? null : item.author, title: item.title ?? null,
    url: null, text: item.deleted === true ? null : (item.text ?? null), points: null, parent_id: item.parent ?? null, story_id: storyOf(items, item).id,
    children: items.filter(({ parent }) => parent === item.id).map((child) => treeOf(items, child)), options: [],
  }
}

function storyOf(items: readonly NewsItem[], item: NewsItem): NewsItem {
  const parent = items.find(({ id }) => id === item.parent)
  return parent === undefined ? item : storyOf(items, parent)
}

function hasTags(item: NewsItem, tags: string): boolean {
  const all = tags.split(/,(?![^(]*\))/).filter((tag) => tag !== '')
  return all.every((tag) => tag.replace(/^\(|\)$/g, '').split(',').some((one) => one === item.kind || one === `author_${item.author}`))
}

function wordsOf(text: string): readonly string[] {
  return text.replace(/<[^>]*>/g, ' ').replaceAll('&#x2F;', '/').toLowerCase().split(/[^a-z0-9+#$.]+/).filter((word) => word !== '')
}

function holds(text: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length === 0 || text.some((_, at) => wanted.every((word, n) => text[at + n] === word))
}

function secondsOf({ createdAt }: NewsItem): number {
  return Math.floor(Date.parse(createdAt) / 1000)
}

/** What the make-believe public says there. */
export const demoNews: readonly NewsItem[] = [
  { id: 42_000_001, kind: 'story', author: 'whoishiring', title: 'Ask HN: Who is hiring? (October 2026)', text: 'State the location.', createdAt: '2026-10-01T15:00:00Z' },
  { id: 42_000_002, kind: 'comment', author: 'acme_hr', parent: 42_000_001, text: 'Acme Corp | Platform Engineer | Berlin<p>You join the HermesBuilder team at Acme.', createdAt: '2026-10-01T15:10:00Z' },
  { id: 42_000_003, kind: 'comment', author: 'gone', parent: 42_000_001, deleted: true, createdAt: '2026-10-01T15:11:00Z' },
  { id: 42_000_004, kind: 'comment', author: 'ex_acme', parent: 42_000_003, text: 'Their pip index has acmecorp-ledger, see artifactory.acme-corp.com', createdAt: '2026-10-01T15:12:00Z' },
  { id: 42_000_010, kind: 'story', author: 'somebody', title: 'HermesBuilder, a kit for model gliders', text: 'No relation to any company.', createdAt: '2026-09-01T08:00:00Z' },
  { id: 42_000_011, kind: 'comment', author: 'mira', parent: 42_000_010, text: 'We pinned <i>@acme-corp&#x2F;auth-client</i> in that repo.', createdAt: '2026-09-01T09:00:00Z' },
  { id: 42_000_012, kind: 'comment', author: 'noise', parent: 42_000_010, text: 'acme corp auth clients everywhere', createdAt: '2026-09-01T09:30:00Z' },
]
