import type { Hit, Memory, SearchPage } from '../../contracts/source.ts'
import { boundWait } from '../../net/retry-after.ts'
import { askRest } from '../../remotes/github/ask-rest.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { ownerOf } from '../../remotes/github/text-document.ts'
import { anyEvent, createPayload, eventList, pushPayload, rememberedPage, type Push, type PushLocator, type RememberedPage } from './schema.ts'

const perPage = 100
/** GitHub shows the last 300 events of the last 30 days. */
const lastPage = 3
/** What GitHub has asked for as long as this exists. Seconds. */
const usualInterval = 60

/**
 * What one person did in public. Every poll tells everything that GitHub shows; what was read already is known by
 * its ref, so that nothing hangs on memory. Memory spares requests: an unchanged page is a 304 that costs nothing,
 * and before `X-Poll-Interval` is over nothing is asked. https://docs.github.com/en/rest/activity/events
 */
export async function pollPerson(client: GithubClient, memory: Memory, login: string, page: string | null): Promise<SearchPage> {
  const number = page === null ? 1 : Number(page)
  const key = (of: number) => `events:${login.toLowerCase()}:${of}`
  const stored = rememberedPage.safeParse(await memory.get(key(number)))
  const kept = stored.success ? stored.data : null
  if (kept !== null && Date.parse(kept.until) > client.now().getTime()) return answerOf(kept, number, login, null)
  const answer = await askRest(client, {
    resource: 'core', path: `/users/${encodeURIComponent(login)}/events/public?per_page=${perPage}&page=${number}`, schema: eventList, accept: [304, 404],
    headers: kept?.etag === null || kept === null ? {} : { 'if-none-match': kept.etag },
  })
  if (answer.status === 404) return { hits: [], documents: [], next: null, counted: 0, shortfall: 'GitHub does not know somebody on the roster (any more)' }
  const until = nextPoll(answer.headers, client.now())
  // A 304 without a question for it cannot be: then the page is asked again at the next poll.
  const current = answer.status === 304 ? { ...(kept ?? nothing), until } : { ...readEvents(client, answer.body, kept), etag: answer.headers.get('etag'), until }
  await memory.set(key(number), current)
  const first = number < lastPage ? null : rememberedPage.safeParse(await memory.get(key(1)))
  return answerOf(current, number, login, first?.success === true ? first.data : null)
}

const nothing: RememberedPage = { etag: null, until: '', pushes: [], more: false, newest: null, previous: null, oldest: null, unreadable: true }

/** Up to an hour: a header cannot silence us for longer. */
function nextPoll(headers: Headers, now: Date): string {
  const asked = headers.get('x-poll-interval')?.trim() ?? ''
  const seconds = /^\d{1,4}$/.test(asked) ? Number(asked) : usualInterval
  return boundWait(Math.min(seconds, 3_600) * 1_000, now).toISOString()
}

function readEvents(client: GithubClient, events: readonly unknown[], kept: RememberedPage | null): Omit<RememberedPage, 'etag' | 'until'> {
  const parsed = events.map((event) => anyEvent.safeParse(event))
  const readable = parsed.flatMap((event) => (event.success ? [event.data] : []))
  const pushes = readable.map((event) => pushOf(event))
  const moments = readable.map(({ created_at }) => created_at).toSorted((a, b) => Date.parse(a) - Date.parse(b))
  const newest = moments.at(-1) ?? null
  return {
    pushes: withoutTwins(pushes.filter((one) => one !== null && one !== 'unreadable').filter(({ name }) => !client.own.has(ownerOf(name).toLowerCase()))),
    more: events.length >= perPage,
    newest,
    previous: kept === null || kept.newest === newest ? kept?.previous ?? null : kept.newest,
    oldest: moments[0] ?? null,
    unreadable: readable.length < parsed.length || pushes.includes('unreadable'),
  }
}

/** Null: nothing that would bring text. */
function pushOf({ type, created_at: at, repo, payload }: ReturnType<typeof anyEvent.parse>): Push | null | 'unreadable' {
  const place = { repositoryId: String(repo.id), name: repo.name, by: '', at: new Date(at).toISOString() }
  if (type === 'PublicEvent') return { ...place, branch: null, before: null, head: 'HEAD' }
  if (type === 'CreateEvent') {
    const created = createPayload.safeParse(payload)
    if (!created.success) return 'unreadable'
    const { ref, ref_type } = created.data
    return ref_type !== 'branch' || ref === null || ref === undefined ? null : { ...place, branch: ref, before: null, head: ref }
  }
  if (type !== 'PushEvent') return null
  const pushed = pushPayload.safeParse(payload)
  if (!pushed.success) return 'unreadable'
  const { ref, before, head } = pushed.data
  // A branch that is taken away has nothing to read.
  if (/^0+$/.test(head)) return null
  return { ...place, branch: ref.replace(/^refs\/heads\//, ''), before: /^0+$/.test(before) ? null : before, head }
}

/** A new branch is told twice, as created and as pushed: the push knows its commit. */
function withoutTwins(pushes: readonly Push[]): Push[] {
  const pushed = new Set(pushes.filter(({ head, branch }) => head !== branch).map(({ repositoryId, branch }) => `${repositoryId} ${branch ?? ''}`))
  return pushes.filter(({ head, branch, repositoryId }) => head !== branch || !pushed.has(`${repositoryId} ${branch ?? ''}`))
}

function answerOf(kept: RememberedPage, number: number, login: string, first: RememberedPage | null): SearchPage {
  const more = kept.more && number < lastPage
  const reached = first?.previous ?? null
  const overrun = kept.more && number === lastPage && (reached === null || kept.oldest === null || Date.parse(kept.oldest) > Date.parse(reached))
  const reasons = [
    ...(kept.unreadable ? ['GitHub delivered events in a form that cannot be read'] : []),
    ...(overrun ? ['somebody on the roster did more than the 300 things that GitHub shows'] : []),
  ]
  return {
    hits: join(kept.pushes).map((one) => hitOf({ ...one, by: login })),
    documents: [], next: more ? String(number + 1) : null, counted: null,
    shortfall: reasons.length === 0 ? null : reasons.join('; '),
  }
}

/**
 * The pushes of a day to a branch are one: from before the first to the head of the last. A day that is over stays
 * what it is. What is between two days but in no event (GitHub loses some) belongs to the later one.
 */
function join(pushes: readonly Push[]): Push[] {
  const joined: Push[] = []
  const branches = Map.groupBy(pushes.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)), ({ repositoryId, branch }) => `${repositoryId} ${branch ?? ''}`)
  for (const onBranch of branches.values()) {
    let reached: string | null = null
    for (const day of Map.groupBy(onBranch, ({ at }) => at.slice(0, 10)).values()) {
      const [first, last] = [day[0], day.at(-1)]
      if (first === undefined || last === undefined) continue
      joined.push({ ...last, before: first.before === null ? null : reached ?? first.before, at: first.at })
      reached = /^[0-9a-f]{40,64}$/.test(last.head) ? last.head : null
    }
  }
  return joined
}

function hitOf(push: Push): Hit {
  const locator: PushLocator = { kind: 'push', push }
  return { ref: refOf(push), contentHash: null, revision: push.head, locator, container: push.name, path: null }
}

/** The document that says that a push was read. */
export function refOf({ repositoryId, branch, before, head }: Push): string {
  return `push:${repositoryId}:${branch ?? ''}:${before ?? ''}...${head}`
}
