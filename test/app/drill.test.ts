import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginDrill, finishDrill } from '../../src/app/drill.ts'
import { rehearseDrill } from '../../src/app/rehearse-drill.ts'
import { listCoverage } from '../../src/coverage/list-coverage.ts'
import { eq } from '../../src/db/drizzle.ts'
import { identifiers, notices } from '../../src/db/schema/index.ts'
import { compareDrills } from '../../src/drills/compare-drills.ts'
import { endDrill } from '../../src/drills/end-drill.ts'
import { markPlanted } from '../../src/drills/mark-planted.ts'
import { plantOf } from '../../src/drills/plant.ts'
import { readDrills } from '../../src/drills/read-drills.ts'
import { openCalendar } from '../../src/fiscal-calendar.ts'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import { createLog } from '../../src/log.ts'
import { loadExposure } from '../../src/metrics/load-exposure.ts'
import { listGaps } from '../../src/notices/list-gaps.ts'
import { createDatabase } from '../support/database.ts'
import { createTrace, type Trace } from '../support/trace.ts'

const mira = { name: 'Mira', email: 'mira@example.org' }
const notes = { author: mira, date: '2026-01-10T09:00:00Z', message: 'notes\n', files: { 'README.md': 'Notes.\n', 'package.json': '{ "dependencies": { "acme-corp-auth": "1" } }\n' } }
const wish = { findWithinSeconds: 86_400, acknowledgeWithinSeconds: 14_400, by: 'eve' }

describe('a drill beside a real leak', () => {
  let trace: Trace
  beforeAll(async () => {
    trace = await createTrace({ repositories: { 'mira/notes': [notes] }, now: '2026-11-02T09:00:00Z' })
    await trace.sweep()
  })
  afterAll(() => trace[Symbol.asyncDispose]())

  const report = async () => compareDrills(await readDrills(trace.db, { now: trace.app.now() }), trace.app.now())
  const messages = () => trace.sandbox.slack.messages().map(({ text }) => text)
  const exposure = async () => {
    const [calendar, now] = [openCalendar(trace.app.config.metrics), trace.app.now()]
    const [exposure] = await loadExposure(trace.db, { calendar, quarters: [calendar.at(now)], asOf: now, now })
    if (exposure === undefined) throw new Error('a quarter without an exposure')
    const { asOf, ...numbers } = exposure
    return { asOf, numbers }
  }

  test('is found, told with DRILL as the first word, acknowledged, and counted nowhere', { timeout: 30_000 }, async () => {
    trace.later(1)
    const before = { exposure: (await exposure()).numbers, coverage: await listCoverage(trace.db), findings: await listFindings(trace.db), gaps: await listGaps(trace.db) }
    const { drillId, canary } = await beginDrill(trace.app, { ...wish, ecosystem: 'npm' })
    // A name that nobody swept for yet is no gap in our coverage.
    expect(await listGaps(trace.db)).toEqual(before.gaps)
    const plant = plantOf(canary)
    await trace.commit('mira/notes', [{ author: mira, date: '2026-11-02T10:30:00Z', message: 'more\n', files: { 'plant/package.json': plant.content } }])
    await trace.sandbox.reindex()
    await markPlanted(trace.db, { drillId, at: trace.app.now(), url: null, now: trace.app.now() })
    trace.later(2)
    const swept = await trace.sweep()
    expect(swept.newFindings).toEqual([])
    expect(messages().filter((text) => text.includes(canary.token))).toHaveLength(1)
    expect(messages().at(-1)).toMatch(/^DRILL CRITICAL leak: /)

    const [drill] = (await report()).drills
    expect(drill).toMatchObject({ outcome: 'running', step: 'acknowledged', secondsToFound: 7_200, secondsToAlerted: 7_200, foundBy: 'github-code' })
    trace.later(1)
    await acknowledge(trace.db, { findingId: BigInt(drill?.findingId ?? 0), actor: { kind: 'cli', name: 'adam' }, now: trace.app.now() })
    expect((await report()).drills[0]).toMatchObject({ outcome: 'passed', step: null, secondsToAcknowledged: 10_800, acknowledgedBy: 'adam' })

    expect((await exposure()).numbers).toEqual(before.exposure)
    expect((await listCoverage(trace.db)).map(({ identifier, state }) => [identifier, state])).toEqual(before.coverage.map(({ identifier, state }) => [identifier, state]))
    expect((await listFindings(trace.db)).map(({ id, drill: isDrill }) => [id, isDrill])).toEqual(before.findings.map(({ id }) => [id, false]))
    expect((await listFindings(trace.db, { drills: true })).filter((finding) => finding.drill).map(({ identifier }) => identifier)).toEqual([canary.name])

    // Removed or not: nothing is told after the end, also when a pattern or another ecosystem would see the name.
    trace.later(1)
    await finishDrill(trace.app, drillId)
    await trace.commit('mira/notes', [{ author: mira, date: '2026-11-02T14:00:00Z', message: 'again\n', files: { 'again/package.json': plant.content } }])
    await trace.sandbox.reindex()
    trace.later(24)
    const told = messages().length
    await trace.sweep()
    expect(messages().slice(told).filter((text) => text.includes(canary.token))).toEqual([])
    expect((await exposure()).numbers.found).toBe(before.exposure.found)
    expect((await report()).drills[0]).toMatchObject({ outcome: 'passed', secondsToFound: 7_200 })
    expect((await readDrills(trace.db, { now: trace.app.now(), running: true }))).toEqual([])
  })

  test('that nobody finds although sweeps were complete fails at that step; without a complete sweep it could not tell', { timeout: 30_000 }, async () => {
    const { drillId } = await beginDrill(trace.app, { ...wish, name: 'acme-corp-elsewhere' })
    await markPlanted(trace.db, { drillId, at: trace.app.now(), url: null, now: trace.app.now() })
    trace.later(1)
    trace.sandbox.setFaults({ incompleteFlag: true })
    await trace.sweep()
    const last = async (hours: number) => {
      const moment = new Date(trace.app.now().getTime() + hours * 3_600_000)
      return compareDrills(await readDrills(trace.db, { now: moment }), moment).drills.find(({ id }) => id === String(drillId))
    }
    expect(await last(0)).toMatchObject({ outcome: 'running', step: 'found' })
    expect(await last(24)).toMatchObject({ outcome: 'could-not-tell', step: 'found' })
    trace.sandbox.setFaults({ incompleteFlag: false })
    trace.later(1)
    await trace.sweep()
    expect(await last(24)).toMatchObject({ outcome: 'failed', step: 'found' })
    trace.later(24)
    await finishDrill(trace.app, drillId)
    // The verdict of the end stays, although no watch covers the name any more.
    expect(await last(48)).toMatchObject({ outcome: 'failed', step: 'found' })
  })

  test('what waits to be told is not told after the end', async () => {
    const { drillId } = await beginDrill(trace.app, wish)
    const [drill] = (await readDrills(trace.db, { now: trace.app.now(), running: true }))
    expect(drill?.id).toBe(String(drillId))
    await endDrill(trace.db, { drillId, now: trace.app.now() })
    expect(await trace.db.select().from(notices).where(eq(notices.state, 'pending'))).toEqual([])
    await expect(endDrill(trace.db, { drillId, now: trace.app.now() })).rejects.toThrow(/has ended already/)
    await expect(markPlanted(trace.db, { drillId, at: trace.app.now(), url: null, now: trace.app.now() })).rejects.toThrow(/has ended/)
    await expect(endDrill(trace.db, { drillId: 999n, now: trace.app.now() })).rejects.toThrow(/no drill 999/)
  })

  test('a moment of planting that cannot be is refused, and it is said once', async () => {
    const { drillId } = await beginDrill(trace.app, wish)
    const now = trace.app.now()
    const mark = (at: Date) => markPlanted(trace.db, { drillId, at, url: null, now })
    await expect(mark(new Date(now.getTime() + 1))).rejects.toThrow(/a moment that has passed/)
    await expect(mark(new Date(now.getTime() - 1))).rejects.toThrow(/after the drill was started/)
    await mark(now)
    await expect(mark(now)).rejects.toThrow(/planted already/)
    await finishDrill(trace.app, drillId)
  })

  test('its name stays a drill\'s, whatever the inventory says later', async () => {
    const rows = await trace.db.select({ origin: identifiers.origin, retiredAt: identifiers.retiredAt }).from(identifiers).where(eq(identifiers.origin, 'drill'))
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.every(({ retiredAt }) => retiredAt !== null)).toBe(true)
  })
})

describe('the rehearsal in the sandbox', () => {
  test('runs by itself from start to report', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'namesake-rehearsal-'))
    await using database = await createDatabase()
    try {
      const { drill, alerts } = await rehearseDrill({ folder, signal: AbortSignal.timeout(50_000), onProgress: () => undefined, log: createLog({ level: 'silent' }), databaseUrl: database.url, pollMs: 20 })
      expect(drill).toMatchObject({ outcome: 'passed', foundBy: 'github-code', acknowledgedBy: 'rehearsal' })
      expect(drill.endedAt).not.toBeNull()
      expect(alerts).toEqual([expect.stringMatching(/^DRILL CRITICAL leak: @acme-corp\/canary-/)])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
