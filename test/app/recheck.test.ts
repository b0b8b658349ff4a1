import path from 'node:path'
import { expect, test } from 'vitest'
import { resolve } from '../../src/findings/resolve.ts'
import { openCalendar } from '../../src/fiscal-calendar.ts'
import { loadExposure } from '../../src/metrics/load-exposure.ts'
import type { CommitSource } from '../../src/sandbox/git/import-commits.ts'
import { createTrace, type Trace } from '../support/trace.ts'

const jana = { name: 'Jana', email: 'jana@home.example' }
const manifest = (dependency: string) => `{\n  "name": "weekend",\n  "private": true,\n  "dependencies": {\n    ${dependency}\n  }\n}\n`
const leak: CommitSource = { author: jana, date: '2026-10-05T10:00:00Z', message: 'weekend\n', files: { 'package.json': manifest('"acme-corp-auth": "^1.0.0"'), 'README.md': 'hello\n' } }
const clean: CommitSource = { author: jana, date: '2026-10-20T10:00:00Z', message: 'clean\n', files: { 'package.json': manifest('"express": "^5.0.0"') } }
const removed: CommitSource = { ...clean, files: { 'package.json': null } }
const repository = 'jana/weekend'
const start = () => createTrace({ repositories: { [repository]: [leak] }, now: '2026-11-01T10:00:00Z' })
/** Past the longest interval of a fresh critical place. */
const nextDay = 24
const status = async (trace: Trace) => (await trace.place()).status
const calendar = openCalendar({ timezone: 'UTC', fiscalYearStartsIn: 1, fiscalYearNamedAfter: 'end', fiscalYearChanges: [] })
async function exposure(trace: Trace) {
  const asOf = new Date('2027-01-01T00:00:00Z')
  const [quarter] = await loadExposure(trace.db, { calendar, quarters: [calendar.quarter('2026-Q4')], asOf, now: asOf })
  return quarter
}

test('a place whose repository answers 404 twice, an hour apart, is gone: its finding is proposed as resolved, and the exposure closes', async () => {
  await using trace = await start()
  await trace.sweep()
  expect(await status(trace)).toBe('live')
  trace.later(nextDay)
  trace.change(repository, { state: 'gone' })
  await trace.ask()
  expect(await status(trace)).toBe('live')
  trace.later(0.5)
  await trace.ask()
  expect(await status(trace)).toBe('live')
  trace.later(1)
  await trace.ask()
  expect(await trace.place()).toMatchObject({ status: 'gone', statusReason: expect.stringContaining('404') })
  expect(await trace.finding()).toMatchObject({ state: 'open', proposed: { at: '2026-11-02T11:30:00.000Z', reason: 'no place is public any more' } })
  expect(await trace.verbs()).toEqual(['found', 'dated', 'place-gone', 'proposed', 'reassessed'])
  expect(await exposure(trace)).toMatchObject({
    closed: 1, exposedAtEnd: 0, names: [{ publicSince: '2026-10-05T10:00:00.000Z', publicSinceIsLowerBound: false, goneAt: '2026-11-02T11:30:00.000Z', state: 'open' }],
    window: { known: 1, meanHours: 28 * 24 + 1.5 },
  })

  // Private for a week, and public again.
  trace.change(repository, { state: 'public' })
  trace.later(8 * 24)
  await trace.ask()
  expect([await status(trace), (await trace.finding()).proposed]).toEqual(['live', null])
  expect((await trace.verbs()).slice(5)).toEqual(['proposal-withdrawn', 'place-returned', 'reassessed'])
  expect(trace.sandbox.slack.messages()).toHaveLength(2)
  expect(await exposure(trace)).toMatchObject({ closed: 0, exposedAtEnd: 1 })
})

test('one that was resolved by a person and comes back is reopened, and told', async () => {
  await using trace = await start()
  await trace.sweep()
  trace.later(nextDay)
  trace.change(repository, { state: 'private' })
  await trace.ask()
  trace.later(1)
  await trace.ask()
  await resolve(trace.db, { findingId: BigInt((await trace.finding()).id), actor: { kind: 'cli', name: 'ann' }, now: trace.app.now() })
  trace.change(repository, { state: 'public' })
  trace.later(8 * 24)
  await trace.ask()
  expect(await trace.finding()).toMatchObject({ state: 'open', proposed: null })
  expect((await trace.verbs()).slice(-3)).toEqual(['resolved', 'reopened', 'reassessed'])
  expect(trace.sandbox.slack.messages()).toHaveLength(2)
})

test('a takedown (451) is gone at once', async () => {
  await using trace = await start()
  await trace.sweep()
  trace.later(nextDay)
  trace.change(repository, { state: 'blocked-451' })
  await trace.ask()
  // GraphQL only forbids; which is why REST is asked next.
  expect(await status(trace)).toBe('unknown')
  trace.later(0.2)
  await trace.ask()
  expect(await trace.place()).toMatchObject({ status: 'gone', statusReason: 'GitHub blocks the repository (451)' })
})

test('what was taken out of the file is gone from its head; the history still has it, which is said and closes nothing', async () => {
  await using trace = await start()
  await trace.sweep()
  await trace.commit(repository, [clean])
  trace.later(nextDay)
  await trace.ask()
  expect(await status(trace)).toBe('gone-from-head')
  expect((await trace.finding()).proposed?.reason).toBe('no place shows it any more, but a public history still has it')
  expect(await exposure(trace)).toMatchObject({ closed: 0, exposedAtEnd: 1, names: [{ goneAt: null }] })

  // The search is behind and still shows it: that is no return, whatever it says.
  trace.later(1)
  expect((await trace.sweep()).newFindings).toEqual([])
  expect(await status(trace)).toBe('gone-from-head')
  expect(trace.sandbox.slack.messages()).toHaveLength(1)

  // A rewritten history: told twice that the version is nowhere, it is gone.
  await trace.commit('jana/rewritten', [clean])
  trace.change(repository, { gitDir: path.join(trace.app.config.folder, 'jana/rewritten.git') })
  trace.later(8 * 24)
  await trace.ask()
  expect(await status(trace)).toBe('gone-from-head')
  trace.later(1.5)
  await trace.ask()
  expect(await status(trace)).toBe('gone')
  expect((await trace.finding()).proposed?.reason).toBe('no place is public any more')
})

test('a file that was deleted is gone from the head after a second look', async () => {
  await using trace = await start()
  await trace.sweep()
  await trace.commit(repository, [removed])
  trace.later(nextDay)
  await trace.ask()
  expect(await status(trace)).toBe('live')
  trace.later(1)
  await trace.ask()
  expect(await trace.place()).toMatchObject({ status: 'gone-from-head', statusReason: 'the file was removed; its history still has it' })
})

test('a renamed repository is followed by its id, and one that has its old name now is not mistaken for it', async () => {
  await using trace = await start()
  await trace.sweep()
  const { url } = await trace.place()
  trace.change(repository, { as: 'jana-doe/weekend-projects', renamedFrom: [repository] })
  trace.later(nextDay)
  await trace.ask()
  const { url: moved, status: after } = await trace.place()
  expect([moved, after]).toEqual([url.replace('jana/weekend', 'jana-doe/weekend-projects'), 'live'])

  // The repository goes, and somebody takes its name: the same file in it proves nothing about the old place.
  trace.change('jana-doe/weekend-projects', { as: repository, id: 77, renamedFrom: [] })
  trace.later(2 * nextDay)
  await trace.ask()
  trace.later(1)
  await trace.ask()
  expect(await status(trace)).toBe('gone')
})

test.each([
  ['null data with errors', { graphqlResourceLimits: true }],
  ['502 as HTML', { graphqlTimeoutHtml: true }],
  ['connections that break', { connectionDropped: { routes: ['graphql', 'rest'] } }],
] as const)('%s: unknown, never gone, and asked again', async (_name, faults) => {
  await using trace = await start()
  await trace.sweep()
  trace.later(nextDay)
  trace.sandbox.setFaults(faults)
  for (let round = 0; round < 3; round += 1) {
    await trace.ask()
    trace.later(1)
  }
  expect(await trace.finding()).toMatchObject({ state: 'open', proposed: null, occurrences: [{ status: 'unknown' }] })
  trace.sandbox.setFaults({})
  trace.later(nextDay)
  await trace.ask()
  await trace.ask()
  trace.later(1)
  await trace.ask()
  expect(await status(trace)).toBe('live')
  expect(await trace.verbs()).toEqual(['found', 'dated'])
  expect(trace.sandbox.slack.messages()).toHaveLength(1)
})
