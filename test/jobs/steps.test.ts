import { asc } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Document } from '../../src/contracts/document.ts'
import type { Fetched, Hit, OpenSource, SearchPage } from '../../src/contracts/source.ts'
import { coverage, documents, findings, identifiers, notices, runs, steps, watches } from '../../src/db/schema/index.ts'
import { NotFound, Permanent, Transient } from '../../src/errors.ts'
import { currentTerms } from '../../src/identifiers/current-terms.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import type { JobContext } from '../../src/jobs/context.ts'
import { enqueueSteps } from '../../src/jobs/enqueue-steps.ts'
import { fetchJob } from '../../src/jobs/fetch.ts'
import { createMatcherCache } from '../../src/jobs/matcher-cache.ts'
import { searchJob } from '../../src/jobs/search.ts'
import { createLog } from '../../src/log.ts'
import { initBaseline } from '../../src/notices/baseline.ts'
import { unrouted } from '../../src/notices/route.ts'
import { planWatches } from '../../src/runs/plan-watches.ts'
import { startRuns } from '../../src/runs/start-runs.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const db = () => store.database.db
const now = new Date('2026-11-01T00:00:00Z')

/** A source with scripted answers: every call takes the next one. */
class ScriptedSource implements OpenSource {
  readonly destination = 'source.example'
  readonly schedule = '* * * * *'
  readonly limits = { search: { max: 1, perMs: 1 }, fetch: { max: 1, perMs: 1 } }
  readonly batch = 2
  pages: (SearchPage | Error)[] = []
  answers: ((hits: readonly Hit[]) => Fetched | Error)[] = []
  readonly calls: string[] = []
  plan() {
    return { queries: [], unsearchable: [] }
  }
  async search(_input: unknown, page: string | null) {
    this.calls.push(`search ${page ?? 'first'}`)
    const next = this.pages.shift() ?? new Error('no page was scripted')
    if (next instanceof Error) throw next
    return next
  }
  async fetch(hits: readonly Hit[]) {
    this.calls.push(`fetch ${hits.map(({ ref }) => ref).join(' ')}`)
    const next = (this.answers.shift() ?? found)(hits)
    if (next instanceof Error) throw next
    return next
  }
  async check() {
    return []
  }
}

const hit = (ref: string): Hit => ({ ref, contentHash: `hash-${ref}`, locator: {}, container: 'jdoe/app', path: 'package.json' })
const page = (refs: string[], more: Partial<SearchPage> = {}): SearchPage => ({ hits: refs.map(hit), documents: [], next: null, counted: refs.length, shortfall: null, ...more })
function documentOf({ ref, contentHash }: Hit): Document {
  return {
    source: 'scripted', ref, revision: 'r', contentHash: contentHash ?? '', url: `https://source.example/${ref}`, lineAnchor: '#L', title: ref,
    container: { id: 'c', name: 'jdoe/app', owner: 'jdoe' }, path: 'package.json', truncated: false, author: null, publishedAt: null,
    text: new TextEncoder().encode('{ "dependencies": { "acme-corp-auth": "^1.0.0" } }'),
  }
}
const found = (hits: readonly Hit[]): Fetched => ({ documents: hits.map(documentOf), absent: [], retry: [], unreadable: [] })

let source: ScriptedSource
let context: JobContext
let queued: { queue: string; step: string }[]

beforeEach(async () => {
  source = new ScriptedSource()
  queued = []
  context = {
    database: store.database,
    queues: {
      enqueue: async (queue, jobs) => {
        for (const { payload } of jobs) if (!queued.some(({ step }) => step === payload['step'])) queued.push({ queue, step: String(payload['step']) })
      },
    },
    sources: new Map([['scripted', source]]),
    notifiers: new Map(),
    routing: unrouted([]),
    registries: new Map(),
    records: null,
    askAll: false,
    guard: () => Promise.resolve(() => false),
    askRule: () => Promise.resolve(() => 'not asked'),
    organization: 'Acme Corp',
    company: { name: 'Acme Corp', organizations: [], domains: [], people: [] },
    matcher: createMatcherCache(store.database, {}),
    ignored: (container) => container.startsWith('acme-corp/'),
    now: () => now,
    log: createLog({ level: 'silent' }),
  }
  const line = { form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, text: 'acme-corp-auth', team: null, disclose: 'name' as const, publicOnPurpose: false, near: [], where: '' }
  await syncInventory(db(), { lines: [line], digest: 'd1', now })
  await initBaseline(db(), false, now)
  const [term] = await currentTerms(db())
  await planWatches(db(), { source: 'scripted', destination: 'source.example', queries: [{ key: 'q', input: {}, text: 'q', covers: [term?.id ?? ''] }], unsearchable: [], checks: [], trials: new Map(), naive: 1 }, now)
  await startRuns(db(), { source: 'scripted', tick: now, trigger: 'sweep', now })
  await enqueueSteps(context)
})

/** Works one queued job, as the queue would. */
async function workOne(options: { repeat?: number; giveUpWith?: Error } = {}): Promise<void> {
  const job = queued.shift()
  if (job === undefined) throw new Error('nothing is queued')
  const handler = job.queue.startsWith('search.') ? searchJob(context) : fetchJob(context)
  const payload = { step: job.step }
  for (let time = 0; time < (options.repeat ?? 1); time += 1) {
    if (options.giveUpWith === undefined) await handler.run(payload, AbortSignal.timeout(60_000))
    else await handler.giveUp(payload, options.giveUpWith)
  }
}
async function workAll(): Promise<void> {
  while (queued.length > 0) await workOne()
}
const run = async () => (await db().select().from(runs))[0]

describe('a name that became secret', () => {
  test('is not asked for by a search that was planned before: the run says so, and proves nothing', async () => {
    await db().update(watches).set({ term: 'acme-corp-auth' })
    context = { ...context, guard: () => Promise.resolve((text) => text.includes('acme-corp-auth')) }
    await expect(workOne()).rejects.toThrow(Permanent)
    expect(source.calls).toEqual([])
  })
})

describe('a run', () => {
  test('goes from page to page, fetches in batches, records, and ends complete', async () => {
    source.pages = [page(['a', 'b', 'c'], { next: '2', counted: 4 }), page(['d'], { counted: 4 })]
    await workAll()
    expect([...source.calls].sort()).toEqual(['fetch a b', 'fetch c', 'fetch d', 'search 2', 'search first'])
    expect(await run()).toMatchObject({ outcome: 'complete', counted: 4, seen: 4, pages: 2, requests: 5 })
    expect(await db().select().from(findings)).toHaveLength(1)
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: now, gap: null }])
  })

  test('a job that is repeated after a crash asks nothing again and stores nothing twice', async () => {
    source.pages = [page(['a'])]
    await workOne({ repeat: 3 })
    await workOne({ repeat: 3 })
    expect(source.calls).toEqual(['search first', 'fetch a'])
    expect(await db().select().from(documents)).toHaveLength(1)
  })

  test('a crash between commit and enqueue is mended by the repeated job', async () => {
    source.pages = [page(['a'])]
    const enqueue = context.queues.enqueue
    context = { ...context, queues: { enqueue: () => Promise.reject(new Transient('the queue is gone')) } }
    await expect(workOne()).rejects.toThrow('the queue is gone')
    context = { ...context, queues: { enqueue } }
    await enqueueSteps(context)
    await workAll()
    expect(source.calls).toEqual(['search first', 'fetch a'])
    expect((await run())?.outcome).toBe('complete')
  })

  test('a failed request stores nothing, and is no "nothing there"', async () => {
    source.pages = [new Transient('502')]
    await expect(workOne()).rejects.toThrow('502')
    expect((await run())?.outcome).toBeNull()
    expect(await db().select().from(steps)).toMatchObject([{ state: 'pending' }])
  })

  test('a first page that is given up makes the run failed, and coverage says why', async () => {
    await workOne({ giveUpWith: new Permanent('the token was refused') })
    expect(await run()).toMatchObject({ outcome: 'failed', reason: 'the token was refused' })
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: null, gap: 'failed: the token was refused' }])
  })

  test('a later page that is given up keeps what was found and makes the run partial', async () => {
    source.pages = [page(['a'], { next: '2' })]
    await workOne()
    const search = queued.findIndex(({ queue }) => queue.startsWith('search.'))
    queued.unshift(...queued.splice(search, 1))
    await workOne({ giveUpWith: new NotFound('gone') })
    await workAll()
    expect(await run()).toMatchObject({ outcome: 'partial', reason: 'gone' })
    expect(await db().select().from(findings)).toHaveLength(1)
  })

  test('a shortfall that the source names makes it partial', async () => {
    source.pages = [page([], { shortfall: 'over 1,000 results' })]
    await workAll()
    expect(await run()).toMatchObject({ outcome: 'partial', reason: 'over 1,000 results' })
  })

  test('hits of ours and of ignored places are not fetched', async () => {
    source.pages = [{ ...page([]), hits: [{ ...hit('own'), container: 'acme-corp/app' }] }]
    await workAll()
    expect(source.calls).toEqual(['search first'])
    expect((await run())?.outcome).toBe('complete')
  })

  test('a repository that was renamed to ours in between is not recorded', async () => {
    source.pages = [page(['a'])]
    source.answers = [(hits) => ({ ...found(hits), documents: hits.map((h) => ({ ...documentOf(h), container: { id: 'c', name: 'acme-corp/app', owner: 'acme-corp' } })) })]
    await workAll()
    expect(await db().select().from(findings)).toEqual([])
  })

  test('what a source repeats on a page is fetched once', async () => {
    source.pages = [page(['a', 'a', 'a'])]
    await workAll()
    expect(source.calls).toEqual(['search first', 'fetch a'])
  })

  test('known content is sighted in the next run and not fetched again', async () => {
    source.pages = [page(['a']), page(['a'])]
    await workAll()
    await startRuns(db(), { source: 'scripted', tick: new Date(now.getTime() + 60_000), trigger: 'sweep', now })
    await enqueueSteps(context)
    await workAll()
    expect(source.calls).toEqual(['search first', 'fetch a', 'search first'])
    expect((await db().select().from(runs).orderBy(asc(runs.id))).map(({ outcome, seen }) => [outcome, seen])).toEqual([['complete', 1], ['complete', 1]])
  })

  test('a new inventory reads known content again', async () => {
    source.pages = [page(['a']), page(['a'])]
    await workAll()
    await db().update(identifiers).set({ name: 'acme-corp-auth', key: 'acme-corp-auth', team: 'x' })
    await syncInventory(db(), { lines: [{ form: 'name', kind: 'host', ecosystem: null, text: 'git.acme-corp.com', team: null, disclose: 'name', publicOnPurpose: false, near: [], where: '' }], digest: 'd2', now })
    await startRuns(db(), { source: 'scripted', tick: new Date(now.getTime() + 60_000), trigger: 'sweep', now })
    await enqueueSteps(context)
    await workAll()
    expect(source.calls.at(-1)).toBe('fetch a')
  })

  test('hits that a source cannot tell about are asked again, and then recorded as a gap', async () => {
    source.pages = [page(['a', 'b'])]
    source.answers = Array.from({ length: 7 }, () => (hits: readonly Hit[]) => ({ ...found(hits.filter(({ ref }) => ref === 'a')), retry: hits.filter(({ ref }) => ref === 'b') }))
    await workAll()
    expect(source.calls).toEqual(['search first', 'fetch a b', ...Array.from({ length: 6 }, () => 'fetch b')])
    expect(await run()).toMatchObject({ outcome: 'partial', unread: 1 })
    expect((await run())?.reason).toMatch(/6 requests in a row brought nothing/)
  })

  test('what cannot be read is a gap with its reason; what is gone is none', async () => {
    source.pages = [page(['a', 'b'])]
    source.answers = [() => ({ documents: [], absent: [{ ref: 'a', reason: 'gone' }], retry: [], unreadable: [{ ref: 'b', reason: 'binary' }] })]
    await workAll()
    expect(await run()).toMatchObject({ outcome: 'partial', unread: 1, reason: 'a document could not be read: binary' })
  })

  test('documents that came whole with the page need no fetch', async () => {
    source.pages = [{ ...page([]), documents: [documentOf(hit('a'))] }]
    await workAll()
    expect(source.calls).toEqual(['search first'])
    expect(await db().select().from(findings)).toHaveLength(1)
    expect(await run()).toMatchObject({ seen: 1 })
  })

  test('a source that is not configured any more is a reason, not a crash', async () => {
    context = { ...context, sources: new Map() }
    await expect(workOne()).rejects.toThrow(/not configured any more/)
  })

  test('a job whose step was deleted is done', async () => {
    queued = [{ queue: 'search.scripted', step: '999999' }]
    await workOne()
    expect(source.calls).toEqual([])
  })

  test('nothing that a job carries is a name or a text', async () => {
    const payloads: unknown[] = []
    context = { ...context, queues: { enqueue: async (_queue, jobs) => { payloads.push(...jobs) } } }
    source.pages = [page(['a'])]
    await workOne()
    expect(payloads.length).toBeGreaterThan(0)
    for (const payload of payloads) expect(JSON.stringify(payload)).toMatch(/^\{"id":"step-\d+","payload":\{"step":"\d+"\}\}$/)
  })
})

describe('news', () => {
  test('nobody is configured: findings are recorded and the outbox stays empty', async () => {
    source.pages = [page(['a'])]
    await workAll()
    expect(await db().select().from(notices)).toEqual([])
    expect(await db().select().from(findings)).toHaveLength(1)
  })
})
