import { describe, expect, test } from 'vitest'
import { documents, suppressions } from '../../src/db/schema/index.ts'
import { expireSuppressions } from '../../src/findings/expire-suppressions.ts'
import { suppress } from '../../src/findings/suppress.ts'
import { unrouted } from '../../src/notices/route.ts'
import type { CommitSource } from '../../src/sandbox/git/import-commits.ts'
import { createTrace, type Trace } from '../support/trace.ts'

const author = { name: 'Jana', email: 'jana@home.example' }
const lines = (...dependencies: string[]) => `{\n  "name": "weekend-of-jana",\n  "private": true,\n  "dependencies": {\n${dependencies.map((one) => `    ${one}`).join(',\n')}\n  }\n}\n`
const others = ['"express": "^5.1.0"', '"fastify": "^5.0.0"', '"left-pad": "^1.3.0"', '"acme-corp-auth": "^1.0.0"', '"pino": "^10.0.0"', '"undici": "^8.0.0"', '"zod": "^4.0.0"', '"ws": "^8.0.0"']
const original = lines(...others)
/** Another file with the same lines around the name. */
const edited = `${original.replace('weekend-of-jana', 'weekend-of-mira')}\n`
const commit = (text: string, date = '2026-10-05T10:00:00Z', path = 'package.json'): CommitSource => ({ author, date, message: 'x\n', files: { [path]: text } })
const now = '2026-11-01T10:00:00Z'
const groups = async (trace: Trace) => (await trace.finding()).occurrences.map(({ repository, copies, copyOf }) => `${repository} ${copies} ${copyOf?.reason ?? 'first'}`)

async function publish(trace: Trace, fullName: string, text: string): Promise<void> {
  await trace.commit(fullName, [commit(text)])
  trace.change(fullName, {})
  await trace.sandbox.reindex()
}

describe('copies', () => {
  test('the same file, the same lines and a fork are one group with one alert', async () => {
    await using trace = await createTrace({
      repositories: {
        'jana/weekend': [commit(original)],
        'mirror/weekend': [commit(original)],
        'mira/weekend': [commit(edited)],
        'fork/weekend': [commit(original), commit(lines('"acme-corp-auth": "^2.0.0"', '"hono": "^4.0.0"'), '2026-10-06T10:00:00Z')],
        'other/shop': [commit(lines('"acme-corp-auth": "^9.0.0"'), '2026-10-07T10:00:00Z', 'shop/package.json')],
      },
      now,
    })
    await trace.sweep()
    expect((await groups(trace)).filter((group) => group.endsWith('first'))).toHaveLength(3)
    // The search shows no forks; this one becomes known as one later.
    trace.change('fork/weekend', { forkOf: 'jana/weekend' })
    await trace.db.update(documents).set({ attributeDueAt: trace.app.now() })
    await trace.ask()
    const reasons = (await groups(trace)).map((line) => line.replace(/^\S+ /, '')).sort()
    expect(reasons.filter((reason) => reason.endsWith('first'))).toHaveLength(2)
    expect(reasons.filter((reason) => reason.startsWith('3 '))).toHaveLength(4)
    expect(reasons.filter((reason) => reason === '0 first')).toHaveLength(1)
    expect(reasons).toEqual(expect.arrayContaining([expect.stringContaining('same-content'), expect.stringContaining('same-region'), expect.stringContaining('fork')]))
    expect(trace.sandbox.slack.messages().filter(({ text }) => text.includes('acme-corp-auth')).length).toBeLessThanOrEqual(2)
  })
})

describe('a group that was suppressed', () => {
  const decide = (trace: Trace, id: string, more: Partial<Parameters<typeof suppress>[1]> = {}) =>
    suppress(trace.db, { findingId: BigInt(id), actor: { kind: 'cli', name: 'ann' }, occurrenceId: null, reason: 'our own tutorial', until: new Date('2027-02-01T00:00:00Z'), now: trace.app.now(), ...more })

  test('stays quiet in tomorrow\'s copy, and shows another place and another name; it ends when it expires', async () => {
    await using trace = await createTrace({
      repositories: { 'jana/weekend': [commit(original)], 'mirror/weekend': [], 'mira/weekend': [], 'other/shop': [], 'second/name': [] }, now,
    })
    await trace.sweep()
    const { id } = await trace.finding()
    await decide(trace, id)
    expect(await trace.finding()).toMatchObject({ state: 'dismissed', dismissedReason: 'our own tutorial', occurrences: [{ suppressed: { until: '2027-02-01T00:00:00.000Z' } }] })
    expect((await trace.verbs()).slice(-2)).toEqual(['suppressed', 'dismissed'])

    // Copies of tomorrow: recorded, quiet.
    trace.later(24)
    await publish(trace, 'mirror/weekend', original)
    await publish(trace, 'mira/weekend', edited)
    const quiet = await trace.sweep()
    expect([quiet.newFindings, (await trace.finding()).state, (await trace.finding()).occurrences.length]).toEqual([[], 'dismissed', 3])

    trace.later(1)
    // The same lines again, with another identifier further down: that one alone is news.
    await publish(trace, 'second/name', lines(...others, '"acme-corp-billing": "^1.0.0"'))
    expect((await trace.sweep()).newFindings).toHaveLength(1)

    trace.later(1)
    // Another text with the same name is a place that nobody suppressed.
    await publish(trace, 'other/shop', lines('"acme-corp-auth": "^9.0.0"'))
    expect((await trace.sweep()).newFindings).toEqual([id])
    const [auth] = (await trace.findings()).filter((finding) => finding.id === id)
    expect([auth?.state, auth?.occurrences.filter(({ suppressed }) => suppressed === null).map(({ repository }) => repository)]).toEqual(['open', expect.arrayContaining(['other/shop'])])
  })

  test('comes back when it expires, with an event of the system and an alert', async () => {
    await using trace = await createTrace({ repositories: { 'jana/weekend': [commit(original)] }, now })
    await trace.sweep()
    const { id } = await trace.finding()
    await decide(trace, id, { until: new Date('2026-11-03T00:00:00Z') })
    trace.later(24)
    expect(await expireSuppressions(trace.db, { routing: unrouted(['slack']), now: trace.app.now() })).toBe(0)
    trace.later(24)
    expect(await expireSuppressions(trace.db, { routing: unrouted(['slack']), now: trace.app.now() })).toBe(1)
    expect(await trace.finding()).toMatchObject({ state: 'open', occurrences: [{ suppressed: null }] })
    expect((await trace.verbs()).at(-1)).toBe('reopened')
    expect((await trace.db.select().from(suppressions)).every(({ endedAt }) => endedAt !== null)).toBe(true)
  })

  test('needs a reason, an end within a year, and a place of that finding', async () => {
    await using trace = await createTrace({ repositories: { 'jana/weekend': [commit(original)] }, now })
    await trace.sweep()
    const { id } = await trace.finding()
    await expect(decide(trace, id, { reason: ' ' })).rejects.toThrow('needs a reason')
    await expect(decide(trace, id, { until: new Date('2029-01-01T00:00:00Z') })).rejects.toThrow('within a year')
    await expect(decide(trace, id, { until: trace.app.now() })).rejects.toThrow('in the future')
    await expect(decide(trace, id, { occurrenceId: 4711n })).rejects.toThrow('has no place 4711')
    await expect(decide(trace, '4711')).rejects.toThrow('there is no finding 4711')
    expect((await trace.finding()).state).toBe('open')
  })
})
