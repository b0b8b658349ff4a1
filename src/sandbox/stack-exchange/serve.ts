import { gzipSync } from 'node:zlib'
import type { Hono } from 'hono'
import { failOnTheWire, type SandboxContext, type SandboxEnv } from '../door.ts'
import { escapeHtml } from '../html.ts'
import type { SandboxPost } from './posts.ts'

export interface StackExchangeOptions {
  readonly posts?: readonly SandboxPost[]
  /** Accepted as a bearer token; without it the quota is that of a stranger. */
  readonly key?: string
  /** Requests in a day; default 10,000 with the key, 300 without. */
  readonly quota?: number
  /** Every so many answers of a method ask it to rest for ten seconds. */
  readonly backoffEvery?: number
  /** Seconds of a pause that the answer to this request (1-based, all methods) demands as a violation. */
  readonly throttle?: { readonly at: number; readonly seconds: number }
  /** A page of the network in front of the API instead of the answer to these requests (1-based). */
  readonly cloudflareAt?: readonly number[]
}

export interface StackExchangeSite {
  /** Requests that the rules forbid: during a rest, during a pause, beyond the quota. */
  violations(): readonly string[]
}

const restSeconds = 10

/** Stack Exchange below `/stack-exchange/2.3`: always compressed, errors as 400, rests and quotas that are watched. */
export function serveStackExchange(
  app: Hono<SandboxEnv>,
  options: StackExchangeOptions & { readonly posts: readonly SandboxPost[]; readonly now: () => Date; readonly closing: AbortSignal },
): StackExchangeSite {
  const { posts, now } = options
  const violations: string[] = []
  const calls = new Map<string, number>()
  const resting = new Map<string, number>()
  let served = 0
  let day = ''
  let left = 0
  let pausedUntil = 0

  const answer = (body: unknown, status = 200): Response =>
    new Response(gzipSync(JSON.stringify(body)), { status, headers: { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'gzip' } })
  const error = (id: number, name: string, message: string): Response => answer({ error_id: id, error_name: name, error_message: message }, 400)
  const tooMany = (seconds: number): Response => error(502, 'throttle_violation', `too many requests from this IP, more requests available in ${seconds} seconds`)

  function admit(context: SandboxContext, method: string): Response | { readonly wrap: object } {
    const at = now().getTime()
    const key = context.req.header('authorization')?.replace(/^Bearer /, '') ?? null
    const max = options.quota ?? (key === null ? 300 : 10_000)
    if (context.req.query('key') !== undefined) return error(400, 'bad_parameter', 'key')
    if (key !== null && options.key !== undefined && key !== options.key) return error(402, 'invalid_access_token', 'key')
    if (day !== now().toISOString().slice(0, 10)) {
      day = now().toISOString().slice(0, 10)
      left = max
    }
    served += 1
    if (options.cloudflareAt?.includes(served) === true) return new Response('<html><title>Just a moment...</title>Ray ID</html>', { status: 503, headers: { 'content-type': 'text/html' } })
    if (at < pausedUntil) violations.push(`${method} during a pause`)
    if (at < pausedUntil) return tooMany(Math.ceil((pausedUntil - at) / 1000))
    if (options.throttle?.at === served) {
      pausedUntil = at + options.throttle.seconds * 1000
      return tooMany(options.throttle.seconds)
    }
    if (at < (resting.get(method) ?? 0)) {
      violations.push(`${method} during its rest`)
      return error(502, 'throttle_violation', 'too many requests from this IP')
    }
    if (left <= 0) {
      violations.push(`${method} beyond the quota`)
      return tooMany(60_000)
    }
    left -= 1
    const count = (calls.get(method) ?? 0) + 1
    calls.set(method, count)
    const rests = options.backoffEvery !== undefined && count % options.backoffEvery === 0
    if (rests) resting.set(method, at + restSeconds * 1000)
    return { wrap: { quota_max: max, quota_remaining: left, ...(rests ? { backoff: restSeconds } : {}) } }
  }

  const serve = (method: string, path: string, items: (context: SandboxContext) => readonly object[] | Response): void => {
    app.get(`/stack-exchange/2.3/${path}`, async (context) => {
      const broken = await failOnTheWire(context, options.closing)
      if (broken !== null) return broken
      const admitted = admit(context, method)
      if (admitted instanceof Response) return admitted
      const page = Number(context.req.query('page') ?? 1)
      const size = Number(context.req.query('pagesize') ?? 30)
      if (page > 25 && context.req.header('authorization') === undefined) return error(403, 'access_denied', 'page above 25 requires access token or app key')
      const all = items(context)
      if (all instanceof Response) return all
      return answer({ items: all.slice((page - 1) * size, page * size), has_more: all.length > page * size, ...admitted.wrap })
    })
  }

  const onSite = (context: SandboxContext): readonly SandboxPost[] => posts.filter(({ site, deleted }) => site === context.req.query('site') && deleted !== true)
  const idsOf = (context: SandboxContext): readonly number[] => decodeURIComponent(context.req.path.split('/')[4] ?? '').split(';').map(Number)
  const wanted = (context: SandboxContext): readonly SandboxPost[] => onSite(context).filter(({ id }) => idsOf(context).includes(id))
  /** A filter that was never made shows no text. */
  const shown = (context: SandboxContext, text: object): object => (context.req.query('filter') === '!sandbox' ? text : {})

  serve('filters', 'filters/create', () => [{ filter: '!sandbox', filter_type: 'unsafe', included_fields: [] }])
  serve('search', 'search/excerpts', (context) => {
    const site = context.req.query('site') ?? ''
    if (!posts.some((post) => post.site === site)) return error(400, 'bad_parameter', `No site found for name \`${site}\``)
    const words = wordsOf(context.req.query('q') ?? '')
    return onSite(context)
      .filter((post) => holds(wordsOf(`${titleOf(posts, post)} ${post.revisions.at(-1) ?? ''}`), words))
      .map((post) => ({
        item_type: post.answers === undefined ? 'question' : 'answer', question_id: post.answers ?? post.id, ...(post.answers === undefined ? {} : { answer_id: post.id }),
        title: escapeHtml(titleOf(posts, post)), excerpt: '… <span class="highlight">acme</span> …', body: '', tags: [], score: 0, creation_date: seconds(post.createdAt), last_activity_date: seconds(post.createdAt),
      }))
  })
  serve('posts', 'posts/:ids', (context) => wanted(context).map((post) => ({
    post_id: post.id, post_type: post.answers === undefined ? 'question' : 'answer', owner: { user_type: 'registered', display_name: post.author }, creation_date: seconds(post.createdAt), last_activity_date: seconds(post.createdAt),
    content_license: 'CC BY-SA 4.0', ...(post.revisions.length > 1 ? { last_edit_date: seconds(post.createdAt) + 600 } : {}),
    ...shown(context, { title: titleOf(posts, post), body_markdown: post.revisions.at(-1) ?? '', body: `<p>${escapeHtml(post.revisions.at(-1) ?? '')}</p>`, link: `https://stackoverflow.com/q/${post.id}` }),
  })))
  serve('comments', 'posts/:ids/comments', (context) => wanted(context).flatMap((post) => (post.comments ?? []).map((comment) => commentOf(context, post, comment))))
  serve('comments', 'comments/:ids', (context) => onSite(context).flatMap((post) => (post.comments ?? []).filter(({ id }) => idsOf(context).includes(id)).map((comment) => commentOf(context, post, comment))))
  serve('revisions', 'posts/:ids/revisions', (context) => wanted(context).flatMap((post) => [
    { revision_guid: 'vote', revision_type: 'vote_based', post_id: post.id, creation_date: seconds(post.createdAt) },
    ...post.revisions.map((text, at) => ({
      revision_guid: `${post.id}-${at}`, revision_number: at + 1, revision_type: 'single_user', post_id: post.id, creation_date: seconds(post.createdAt) + at * 600, user: { display_name: post.author },
      content_license: 'CC BY-SA 4.0', ...shown(context, { title: post.title ?? '', body: `<p>${escapeHtml(text)}</p>` }),
    })).reverse(),
  ]))
  const commentOf = (context: SandboxContext, post: SandboxPost, comment: NonNullable<SandboxPost['comments']>[number]): object => ({
    comment_id: comment.id, post_id: post.id, owner: { display_name: comment.author }, creation_date: seconds(post.createdAt) + 60, content_license: 'CC BY-SA 4.0',
    ...shown(context, { body_markdown: comment.text, body: escapeHtml(comment.text), link: `https://stackoverflow.com/q/${post.id}#comment${comment.id}` }),
  })
  return { violations: () => violations }
}

function titleOf(posts: readonly SandboxPost[], post: SandboxPost): string {
  return post.title ?? posts.find(({ id }) => id === post.answers)?.title ?? ''
}

function seconds(moment: string): number {
  return Math.floor(Date.parse(moment) / 1000)
}

/** Every mark separates words, so that near misses come as well. */
function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '')
}

function holds(text: readonly string[], phrase: readonly string[]): boolean {
  return phrase.length > 0 && text.some((_, at) => phrase.every((word, n) => text[at + n] === word))
}
