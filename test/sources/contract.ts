import { describe, expect, test } from 'vitest'
import type { HttpClient } from '../../src/contracts/http.ts'
import type { Json } from '../../src/contracts/json.ts'
import type { Hit, OpenSource, SearchTerm, Source } from '../../src/contracts/source.ts'
import { Permanent } from '../../src/errors.ts'
import { createForgetfulMemory } from '../../src/runs/source-memory.ts'
import { createHttp } from '../../src/net/http.ts'
import type { SourceSettings } from '../../src/sources/settings.ts'
import { hang, hangMidBody, htmlPage, resetMidBody, startScript, type Act, type Scripted } from '../net/scripted-server.ts'
import { failure } from './failure.ts'

/** What the suite needs to know of a source. */
export interface SourceSample {
  /** Settings that open the source on this origin; secrets in them are {@link secret}. */
  settings(origin: string): SourceSettings
  /** Terms that the source can search. */
  readonly terms: readonly SearchTerm[]
  /** It is read whole and asked for no term: its watches cover every identifier. */
  readonly whole?: boolean
  /** Of the outrages below those that are an honest answer of this remote ("an empty list": a board without ads). */
  readonly honest?: readonly string[]
  /** What the source remembers when it is opened on this origin, so that its first request is the one in question. */
  memory?(origin: string): readonly (readonly [string, Json])[]
  /** Hits as a search of this source makes them; their refs differ. Empty: documents come whole with the page. */
  readonly hits: readonly Hit[]
  /** Locator of a document that it read; absent: that of the first hit. Null: it is no other than its origin's (see `placeAt`). */
  readonly placeLocator?: Json
  /** Outrages that are an honest answer to a recheck; tests of the source's own say what it makes of them. */
  readonly honestRecheck?: readonly string[]
  /** The same where it depends on where the remote is. */
  readonly placeAt?: (origin: string) => { readonly ref: string; readonly locator: Json }
}

/** Stands for every secret in the settings of a sample. */
export const secret = 'secretThatMustNotLeak'
const now = new Date('2026-11-22T12:00:00Z')

/** Everything that a server may do to us instead of answering. */
const outrages: readonly [string, Scripted | Act][] = [
  ['400', { status: 400, body: { message: 'bad' } }],
  ['401', { status: 401, body: { message: 'Bad credentials' } }],
  ['403', { status: 403, body: { message: 'Forbidden' } }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['502 as HTML', htmlPage(502)],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '60' } }],
  ['HTML in a 200', htmlPage(200)],
  ['an empty 200', { body: '' }],
  ['an empty 204', { status: 204 }],
  ['truncated JSON', { headers: { 'content-type': 'application/json' }, body: '{"total_count": 0, "items": [' }],
  ['an empty object', { body: {} }],
  ['an empty list', { body: [] }],
  ['null', { body: null }],
  ['a redirect to another host', { status: 302, headers: { location: 'https://evil.example/' } }],
  ['a reset in the middle of the body', resetMidBody],
  ['no answer', hang],
  ['a body without an end', hangMidBody],
  ['a body without bounds', { headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(3_000_000)}"` }],
]

/** Only what never answers has to be waited for: a busy machine is slow with everything else too. */
const isSilent = (answer: Scripted | Act): boolean => answer === hang || answer === hangMidBody

/** What every source must do, whatever its remote is. Each source adds the quirks of its own remote to this. */
export function testSource(source: Source<SourceSettings>, sample: SourceSample): void {
  const lies = outrages.filter(([what]) => sample.honest?.includes(what) !== true)
  const ours = [secret, ...sample.terms.map(({ text }) => text)]

  async function openOn(...answers: readonly (Scripted | Act)[]): Promise<OpenSource> {
    const server = await startScript(...answers)
    const http = createHttp({ userAgent: 'namesake/test', origins: [server.url], now: () => now, timeoutMs: answers.some(isSilent) ? 200 : 10_000, maxBytes: 2_000_000 })
    const memory = createForgetfulMemory()
    for (const [key, value] of sample.memory?.(server.url) ?? []) await memory.set(key, value)
    return openWith(http, server.url, memory)
  }

  function openWith(http: HttpClient, origin: string, memory = createForgetfulMemory()): OpenSource {
    const open = source.open(sample.settings(origin), { http, now: () => now, organizations: ['acme-corp'], memory })
    if (open === null) throw new Error('the sample settings do not open the source')
    return open
  }

  function openUnreachable(): OpenSource {
    return openWith(createHttp({ userAgent: 'namesake/test', origins: [], now: () => now }), 'http://127.0.0.1:9')
  }

  describe(`${source.id} is a source`, () => {
    test('that describes itself', () => {
      expect(source.id).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
      expect(source.title).not.toBe('')
      expect(source.docs).toMatch(/^https:\/\//)
      expect(source.discloses).toMatch(/^[A-Z].*\.$/)
      expect(source.blindSpots.length).toBeGreaterThan(0)
    })

    test('that is closed without settings', () => {
      const http = createHttp({ userAgent: 'namesake/test', origins: [], now: () => now })
      expect(source.open({}, { http, now: () => now, organizations: [], memory: createForgetfulMemory() })).toBeNull()
    })

    test('that opens without asking anybody, and tells host, schedule and limits', () => {
      const open = openUnreachable()
      expect(open.destination).toBe('127.0.0.1:9')
      expect(open.schedule.split(' ')).toHaveLength(5)
      for (const { max, perMs } of [open.limits.search, open.limits.fetch]) {
        expect(max).toBeGreaterThan(0)
        expect(perMs).toBeGreaterThan(0)
      }
      expect(open.batch).toBeGreaterThan(0)
    })
  })

  describe(`the plan of ${source.id}`, () => {
    test.runIf(sample.whole === true)('covers every identifier, whatever may be sent of it', () => {
      const { queries, unsearchable } = openUnreachable().plan({ terms: [], everything: ['1', '2'] })
      expect(queries.length).toBeGreaterThan(0)
      expect(queries.map(({ covers }) => covers)).toEqual(queries.map(() => ['1', '2']))
      expect(unsearchable).toEqual([])
    })

    test.runIf(sample.whole !== true)('covers every identifier, or says why not', () => {
      const terms = [...sample.terms, { text: '', covers: ['empty'] }, { text: 'x'.repeat(5_000), covers: ['long', 'longer'] }]
      const { queries, unsearchable } = openUnreachable().plan({ terms, everything: [] })
      const told = [...queries, ...unsearchable].flatMap(({ covers }) => covers)
      expect(new Set(told)).toEqual(new Set(terms.flatMap(({ covers }) => covers)))
      expect(unsearchable.flatMap(({ covers }) => covers)).toContain('empty')
      expect(queries.length).toBeGreaterThan(0)
      for (const { reason } of unsearchable) expect(reason).not.toBe('')
    })

    test('has stable, distinct keys, which tell no name, and inputs that survive storage', () => {
      const first = openUnreachable().plan({ terms: sample.terms, everything: ['1'] }).queries
      const second = openUnreachable().plan({ terms: sample.terms.toReversed(), everything: ['1'] }).queries
      const keys = first.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
      expect(second.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
      for (const { text } of sample.terms) expect(keys.join('\n')).not.toContain(text)
      for (const { input } of first) expect(JSON.parse(JSON.stringify(input))).toEqual(input)
    })

    test('of nothing is nothing', () => {
      expect(openUnreachable().plan({ terms: [], everything: [] })).toEqual({ queries: [], unsearchable: [] })
    })
  })

  describe(`${source.id} fails loudly`, () => {
    test.each(lies)('a search that meets %s fails with one of the closed set: it is never "no results"', async (_, answer) => {
      const source = await openOn(answer)
      const [query] = source.plan({ terms: sample.terms, everything: ['1'] }).queries
      if (query === undefined) throw new Error('the sample terms give no query')
      expect((await failure(source.search(query.input, null), ours)).message).not.toBe('')
    })

    test('a stored query that it never planned is refused', async () => {
      const source = await openOn()
      expect(await failure(source.search({ never: 'planned' }, null), ours)).toBeInstanceOf(Permanent)
      expect(await failure(source.search(null, null), ours)).toBeInstanceOf(Permanent)
    })

    test.runIf(sample.hits.length > 0).each(outrages)('a fetch that meets %s fails or asks again: nothing is absent, nothing is lost', async (_, answer) => {
      const source = await openOn(answer)
      const outcome = await source.fetch(sample.hits).catch(() => null)
      expect(outcome?.documents ?? []).toEqual([])
      expect(outcome?.absent ?? []).toEqual([])
      expect(outcome?.unreadable ?? []).toEqual([])
      expect((outcome?.retry ?? sample.hits).map(({ ref }) => ref).toSorted()).toEqual(sample.hits.map(({ ref }) => ref).toSorted())
    })

    test.runIf(sample.hits.length > 0).each(outrages)('a fetch that meets %s tells nothing of ours', async (_, answer) => {
      const source = await openOn(answer)
      const places = sample.hits.flatMap(({ container, path }) => (path === null ? [container] : [container, path]))
      // A batch may also be handed back instead of failing: then there is no error that could tell.
      const error = await source.fetch(sample.hits).then(() => null, (thrown: unknown) => failure(Promise.reject(thrown), [...ours, ...places]))
      expect(error?.message).not.toBe('')
    })

    const [hit] = sample.hits
    const locator = sample.placeLocator === undefined ? hit?.locator : (sample.placeLocator ?? undefined)
    const known = locator !== undefined || sample.placeAt !== undefined
    const place = (origin: string) => ({
      ref: hit?.ref ?? 'a place', revision: '', contentHash: hit?.contentHash ?? '', path: hit?.path ?? null, locator: locator ?? null, lines: [1], formerHashes: [], ...sample.placeAt?.(origin),
    })

    test.runIf(known && openUnreachable().recheck !== undefined).each(lies.filter(([what]) => sample.honestRecheck?.includes(what) !== true))('a recheck that meets %s says nothing of being gone', async (_, answer) => {
      for (const doubt of [false, true]) {
        const source = await openOn(answer)
        const told = await source.recheck?.(place(`http://${source.destination}`), doubt).catch(() => null)
        expect(['unknown', 'could not tell']).toContain(told?.state ?? 'could not tell')
      }
    })

    test.runIf(known && openUnreachable().attribute !== undefined).each(lies)('an attribution that meets %s names nobody', async (_, answer) => {
      const source = await openOn(answer)
      const told = await source.attribute?.(place(`http://${source.destination}`), null).catch(() => null)
      expect([told?.lines ?? [], told?.file, told?.container]).toEqual([[], undefined, undefined])
    })

    test.each(lies)('a check that meets %s fails: it never says that all is well', async (_, answer) => {
      const source = await openOn(answer)
      expect((await failure(source.check(), ours)).message).not.toBe('')
    })
  })
}
