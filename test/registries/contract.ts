import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/contracts/json.ts'
import type { OpenRegistry, Registry, RegistryAnswer, RegistryName } from '../../src/contracts/registry.ts'
import { Permanent } from '../../src/errors.ts'
import { createHttp } from '../../src/net/http.ts'
import { registrySettings, type RegistrySettings } from '../../src/registries/settings.ts'
import { hang, hangMidBody, htmlPage, resetMidBody, startScript, type Act, type Scripted } from '../net/scripted-server.ts'
import { failure } from '../sources/failure.ts'

/** What the suite needs to know of a registry: a name, and what it answers when that name is absent, and when it exists. */
export interface RegistrySample {
  readonly name: RegistryName
  /** Answers in order, of which the last leads to `unclaimed`. */
  readonly absent: readonly (Scripted | Act)[]
  /** Answers in order, of which the last leads to `stranger`. */
  readonly present: readonly (Scripted | Act)[]
  /** Positions at which any text of a 200 is an answer: outrages that come as a 200 are left out there. */
  readonly textual?: readonly number[]
  /** Settings besides the URL. */
  readonly settings?: Readonly<Record<string, unknown>>
}

const now = new Date('2026-11-22T12:00:00Z')

/** Everything that a server may do to us instead of answering. None of it says anything about a name. */
export const outrages: readonly [string, Scripted | Act][] = [
  ['400', { status: 400, body: { message: 'bad' } }],
  ['401', { status: 401, body: { message: 'Unauthorized' } }],
  ['403', { status: 403, body: 'Forbidden' }],
  ['404 with a page for people', htmlPage(404)],
  ['404 that asks to wait', { status: 404, headers: { 'retry-after': '30' }, body: { message: 'object not found' } }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['502 as HTML', htmlPage(502)],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '60' } }],
  ['HTML in a 200', htmlPage(200)],
  ['an empty 200', { body: '' }],
  ['truncated JSON', { headers: { 'content-type': 'application/json' }, body: '{"name": "acme' }],
  ['null', { body: null }],
  ['a redirect to another host', { status: 302, headers: { location: 'https://evil.example/' } }],
  ['a reset in the middle of the body', resetMidBody],
  ['no answer', hang],
  ['a body without an end', hangMidBody],
]

export function openOn(registry: Registry<RegistrySettings>, origin: string, settings: Readonly<Record<string, unknown>> = {}, timeoutMs = 10_000): OpenRegistry {
  const parsed = registrySettings.parse({ [registry.id]: { url: origin, ...settings } })
  const http = createHttp({ userAgent: 'namesake/test', origins: [origin], now: () => now, timeoutMs })
  const open = registry.open(parsed, { http, now: () => now, domains: ['acme-corp.com'], accounts: ['acme-corp'] })
  if (open === null) throw new Error('the sample settings do not open the registry')
  return open
}

/** Asks until there is an answer; what is handed back travels through JSON, as in the database. */
export async function askThrough(registry: OpenRegistry, name: RegistryName): Promise<RegistryAnswer> {
  let progress: Json | null = null
  for (let request = 0; request < 20; request += 1) {
    const asked = await registry.ask(name, progress)
    if ('answer' in asked) return asked.answer
    progress = JSON.parse(JSON.stringify(asked.more)) as Json
  }
  throw new Error('twenty requests brought no answer')
}

function isEndless(answer: Scripted | Act): boolean {
  return answer === hang || answer === hangMidBody
}

/** Comes whole, as a success. */
function isText(outrage: Scripted | Act): boolean {
  return typeof outrage === 'object' && (outrage.status ?? 200) === 200
}

/** What every registry must do, whatever its remote is. */
export function testRegistry(registry: Registry<RegistrySettings>, sample: RegistrySample): void {
  const words = [sample.name.name]
  async function ask(...answers: readonly (Scripted | Act)[]): Promise<RegistryAnswer> {
    const server = await startScript(...answers)
    const patience = answers.some(isEndless) ? 150 : 10_000
    return askThrough(openOn(registry, server.url, sample.settings, patience), sample.name)
  }

  describe(`${registry.id} is a registry`, () => {
    test('that describes itself', () => {
      expect(registry.id).toMatch(/^[a-z]+$/)
      expect(registry.docs).toMatch(/^https:\/\//)
      expect(registry.discloses).toMatch(/^\w.*\.$/)
      expect(registry.blindSpots.length).toBeGreaterThan(0)
    })

    test('that is closed without its row, and then asks nobody', () => {
      const http = createHttp({ userAgent: 'namesake/test', origins: [], now: () => now })
      const none = registrySettings.parse({})
      expect(registry.open(none, { http, now: () => now, domains: [], accounts: [] })).toBeNull()
      expect(registry.origins(none)).toEqual([])
    })

    test('whose public address needs no setting', () => {
      const origins = registry.origins(registrySettings.parse({ [registry.id]: {} }))
      expect(origins.length).toBeGreaterThan(0)
      for (const origin of origins) expect(origin).toMatch(/^https:\/\/[a-z.0-9]+/)
    })

    test('that refuses what is no name of it, without asking', () => {
      const open = openOn(registry, 'http://127.0.0.1:9', sample.settings)
      expect(open.refuses(sample.name)).toBeNull()
      expect(open.refuses({ kind: 'package', name: '../../etc/passwd?x=1#' })).not.toBeNull()
    })

    test('that does not take up what is no progress of it', async () => {
      const open = openOn(registry, 'http://127.0.0.1:9', sample.settings)
      expect(await failure(open.ask(sample.name, { never: 'planned' }), words)).toBeInstanceOf(Permanent)
    })
  })

  describe(`${registry.id} answers`, () => {
    test('a clean absence with unclaimed, and why', async () => {
      expect(await ask(...sample.absent)).toMatchObject({ state: 'unclaimed', why: expect.stringMatching(/\w+ \w+/) })
    })

    test('a package of somebody else with stranger', async () => {
      expect(await ask(...sample.present)).toMatchObject({ state: 'stranger', claimable: 'no' })
    })
  })

  describe(`${registry.id} never takes a failure for an absence`, () => {
    test.each(outrages)('%s, at any request of a check: an error of the closed set, or at least never "claimable"', async (_, outrage) => {
      for (const [at] of sample.absent.entries()) {
        // Waiting is the same at every request, and takes its time.
        if ((isText(outrage) && sample.textual?.includes(at) === true) || (isEndless(outrage) && at > 0)) continue
        const outcome = ask(...sample.absent.slice(0, at), outrage)
        const answer = await outcome.catch(() => null)
        // The first request decides whether it is there; the later ones whether it can be taken.
        expect(at === 0 ? answer?.state : answer?.claimable).not.toBe(at === 0 ? 'unclaimed' : 'yes')
        const message = answer === null ? (await failure(outcome, words)).message : answer.why
        expect(message).not.toBe('')
      }
    })

    test.each(outrages)('%s, while an existing package is read: never "unclaimed"', async (_, outrage) => {
      for (const [at] of sample.present.entries()) {
        // Waiting is the same at every request, and takes its time.
        if ((isText(outrage) && sample.textual?.includes(at) === true) || (isEndless(outrage) && at > 0)) continue
        const answer = await ask(...sample.present.slice(0, at), outrage).catch(() => null)
        expect(answer?.state).not.toBe('unclaimed')
      }
    })
  })
}
