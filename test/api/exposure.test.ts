import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../src/app/version.ts'
import { events } from '../../src/db/schema/index.ts'
import { openCalendar } from '../../src/fiscal-calendar.ts'
import { loadReport } from '../../src/metrics/load-report.ts'
import { writeReport } from '../../src/metrics/write-report.ts'
import { openTestApi } from '../support/api.ts'
import { seedQuarter } from '../support/quarter.ts'

const api = await openTestApi({ now: '2026-11-20T09:00:00Z' })
beforeAll(() => seedQuarter(api.db, api.clock.now()))
afterAll(() => api[Symbol.asyncDispose]())
const exposure = async (quarter?: string) => (await api.call('GET /api/exposure', { query: quarter === undefined ? {} : { quarter } }, 'viewer')).answer
const exported = async (quarter: string, asOf: string): Promise<Record<string, unknown>> => JSON.parse(await (await api.send(`GET /api/export?quarter=${quarter}&format=json&asOf=${asOf}`, { as: 'viewer' })).text()) as Record<string, unknown>

describe('the exposure', () => {
  test.each(['2026-Q4', '2026-Q2'])('of %s has exactly the numbers of the export of its moment', async (quarter) => {
    const shown = await exposure(quarter)
    const { names, previous, ...numbers } = await exported(quarter, shown.exposure.asOf)
    expect(shown.exposure).toEqual(numbers)
    expect(shown.names).toBe((names as unknown[]).length)
    const before = previous as Record<string, unknown>[]
    for (const { quarter: name, ...movement } of shown.trend.slice(0, -1)) expect(before.find((one) => one['quarter'] === name)).toMatchObject(movement)
    expect(shown.exposure.exposedAtStart + shown.exposure.found + shown.exposure.reopened - shown.exposure.closed - shown.exposure.withdrawn).toBe(shown.exposure.exposedAtEnd)
  })

  test('names come in pages, exposed ones first, each once, and are those of the export', async () => {
    const { exposure: { asOf, exposedAtEnd } } = await exposure()
    const seen: { findingId: string; exposedAtEnd: boolean }[] = []
    let cursor: string | undefined
    do {
      const { answer } = await api.call('GET /api/exposure/names', { query: { limit: 4, ...(cursor === undefined ? {} : { cursor }) } }, 'viewer')
      seen.push(...answer.items)
      cursor = answer.next ?? undefined
    } while (cursor !== undefined)
    expect(seen.findIndex((name) => !name.exposedAtEnd)).toBe(exposedAtEnd)
    const { names } = await exported('2026-Q4', asOf)
    const byId = (one: { findingId: string }, other: { findingId: string }) => Number(one.findingId) - Number(other.findingId)
    expect(seen.toSorted(byId)).toEqual((names as typeof seen).toSorted(byId))
  })

  test('is what stands in the history now: a new event changes it, nothing else does', async () => {
    const before = await exposure()
    expect((await exposure()).exposure).toEqual(before.exposure)
    const [found] = (await api.call('GET /api/exposure/names', { query: { limit: 1 } })).answer.items
    await api.db.insert(events).values({ findingId: BigInt(found?.findingId ?? 0), verb: 'resolved', actorKind: 'user', actor: 'ann', state: 'resolved', facts: {}, at: new Date(api.clock.now().getTime() - 1_000) })
    const after = await exposure()
    expect(after.exposure.exposedAtEnd).toBe(before.exposure.exposedAtEnd - 1)
  })

  test('of a quarter that has not begun, or is none, is refused in words', async () => {
    expect((await api.call('GET /api/exposure', { query: { quarter: '2031-Q1' } })).problem).toMatchObject({ status: 422, code: 'invalid' })
    expect((await api.call('GET /api/exposure', { query: { quarter: 'soon' } })).status).toBe(422)
  })
})

describe('the export', () => {
  test.each([
    ['csv', 'text/csv', 'namesake-exposure-2026-Q4.csv'], ['json', 'application/json', 'namesake-exposure-2026-Q4.json'], ['xlsx', 'application/vnd.openxmlformats', 'namesake-exposure-2026-Q4.xlsx'],
    ['html', 'text/html', 'namesake-exposure-2026-Q4.html'], ['sarif', 'application/sarif+json', 'namesake-exposure-2026-Q4.sarif'], ['defectdojo', 'application/json', 'namesake-exposure-2026-Q4.defectdojo.json'], ['ocsf', 'application/x-ndjson', 'namesake-exposure-2026-Q4.ocsf.jsonl'],
  ] as const)('as %s is a file to save, the bytes of the command', async (format, type, name) => {
    const asOf = api.clock.now()
    const response = await api.send(`GET /api/export?quarter=2026-Q4&format=${format}&asOf=${asOf.toISOString()}`, { as: 'viewer' })
    expect([response.status, response.headers.get('content-disposition')]).toEqual([200, `attachment; filename="${name}"`])
    expect(response.headers.get('content-type')).toContain(type)
    const calendar = openCalendar(api.app.config.metrics)
    const report = await loadReport(api.db, { calendar, quarter: calendar.quarter('2026-Q4'), asOf, now: asOf })
    const written = await writeReport(api.db, report, format, { company: 'Acme Corp', version })
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(written))).toBe(true)
  })

  test('of a moment that has not come is refused, and nobody without a session gets one', async () => {
    expect((await api.send('GET /api/export?asOf=2030-01-01T00:00:00.000Z')).status).toBe(422)
    expect((await api.send('GET /api/export?format=pdf')).status).toBe(422)
    expect((await api.send('GET /api/export?format=csv', { as: null })).status).toBe(401)
  })
})
