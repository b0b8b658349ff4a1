import { describe, expect, test, vi } from 'vitest'
import { exitCodeOf } from '../../src/cli/sweep.ts'
import { coverage, runs, steps } from '../../src/db/schema/index.ts'
import { listFindings, type ListedFinding } from '../../src/findings/list-findings.ts'
import { openCalendar } from '../../src/fiscal-calendar.ts'
import { resolve } from '../../src/findings/resolve.ts'
import { loadExposure } from '../../src/metrics/load-exposure.ts'
import type { Faults } from '../../src/sandbox/faults.ts'
import { expected } from '../../src/sandbox/world.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld, sweepOnce, type WorldOptions } from '../support/world.ts'

/** On Redis where one is given, else on PostgreSQL: .ci/run does both. */
const redis = process.env['TEST_REDIS_URL']
const backends = [redis === undefined ? ['PostgreSQL', undefined] : ['Redis', redis]] as const

// A sweep mostly waits (one message a second for a channel), and each has a database and a public of its own.
vi.setConfig({ maxConcurrency: 4, testTimeout: 90_000 })

/** Sweeps the world once in an app of its own. */
async function sweepWorld(options: WorldOptions & { redisUrl?: string } = {}) {
  await using database = await createDatabase()
  await using world = await createWorld(options)
  const app = await world.open(database.url, options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl })
  try {
    const report = await sweepOnce(app)
    return {
      report,
      findings: await listFindings(database.database.db),
      messages: world.sandbox.slack.messages(),
      requests: world.sandbox.requests(),
      coverage: await database.database.db.select().from(coverage),
    }
  } finally {
    await app.close()
  }
}

const placesOf = (findings: readonly ListedFinding[]) =>
  findings.flatMap(({ identifier, occurrences }) => occurrences.map(({ repository, path }) => `${identifier} ${repository} ${path}`)).sort()
const wanted = expected.filter(({ findable }) => findable).map(({ identifier, repository, path }) => `${identifier} ${repository} ${path}`)
const unwanted = expected.filter(({ findable }) => !findable).map(({ identifier, repository, path }) => `${identifier} ${repository} ${path}`)

describe.each(backends)('a sweep of the make-believe public, queue on %s', (_name, redisUrl) => {
  const queue = redisUrl === undefined ? {} : { redisUrl }

  test('finds every leak that the search can show, and none of the decoys', async () => {
    const { findings, report } = await sweepWorld(queue)
    const places = placesOf(findings)
    expect(places).toEqual(expect.arrayContaining(wanted))
    expect(places.filter((place) => unwanted.includes(place))).toEqual([])
    expect(report.incomplete).toEqual([])
    expect(exitCodeOf(report)).toBe(1)
  })

  test('tells the first sweep as one summary, a new leak as one alert, and then nothing', async () => {
    await using database = await createDatabase()
    await using world = await createWorld()
    const app = await world.open(database.url, queue)
    try {
      await sweepOnce(app)
      expect(world.sandbox.slack.messages()).toHaveLength(1)
      const second = await sweepOnce(app)
      expect([second.newFindings, exitCodeOf(second), second.delivered]).toEqual([[], 0, 0])
      expect(world.sandbox.slack.messages()).toHaveLength(1)
    } finally {
      await app.close()
    }
  })
})

test.concurrent('without a baseline every finding is announced by itself, once', async () => {
  const { findings, messages, report } = await sweepWorld({ baseline: false })
  expect(report.undelivered).toBe(0)
  expect(findings.filter(({ identifier }) => !messages.some(({ text }) => text.includes(identifier)))).toEqual([])
  expect(new Set(messages.map(({ text }) => text)).size).toBe(messages.length)
  expect(messages.flatMap(({ warnings, pings }) => [...warnings, ...pings])).toEqual([])
})

test.concurrent('a name that may not be disclosed is in no URL, header or body of any request to GitHub', async () => {
  const { requests } = await sweepWorld()
  const github = requests.filter(({ path }) => !path.startsWith('/services/'))
  expect(github.length).toBeGreaterThan(5)
  expect(github.filter((request) => JSON.stringify(request).toLowerCase().includes('hermesbuilder'))).toEqual([])
})

test.concurrent('a place that was resolved and leaks again in another place is reopened and announced', async () => {
  await using database = await createDatabase()
  await using world = await createWorld({ baseline: false })
  const app = await world.open(database.url)
  try {
    await sweepOnce(app)
    const { db } = database.database
    const [finding] = (await listFindings(db)).filter(({ occurrences }) => occurrences.length > 1)
    await resolve(db, { findingId: BigInt(finding?.id ?? 0), actor: { kind: 'cli', name: 'ann' }, now: new Date() })
    const again = await sweepOnce(app)
    expect(again.newFindings).toEqual([])
    const [calendar, asOf] = [openCalendar({ timezone: 'UTC', fiscalYearStartsIn: 1, fiscalYearNamedAfter: 'end', fiscalYearChanges: [] }), new Date()]
    const [exposure] = await loadExposure(db, { calendar, quarters: [calendar.at(asOf)], asOf, now: asOf })
    expect(exposure).toMatchObject({ closed: 1 })
    expect(exposure?.exposedAtEnd).toBe((exposure?.found ?? 0) - 1)
  } finally {
    await app.close()
  }
})

/** Each makes some requests fail in one documented way; none may cost a finding or be read as "nothing there". */
const misbehaviours: readonly [string, Partial<Faults>][] = [
  ['500, 502 with HTML, 503', { badGatewayHtml: { calls: [1, 5] }, serverError: { calls: [2, 7] }, unavailable: { calls: [3] } }],
  ['truncated JSON, connections cut and dropped', { truncatedJson: { calls: [1, 6] }, connectionReset: { calls: [2] }, connectionDropped: { calls: [3, 5] } }],
  ['secondary limits as 403 and 429', { secondaryLimit403: { calls: [1], amount: 1 }, secondaryLimit429: { calls: [3], amount: 1 } }],
  ['GraphQL time-outs and resource limits', { graphqlTimeoutHtml: { calls: [1] }, graphqlTimeoutJson: { calls: [2] }, graphqlResourceLimits: { calls: [3] } }],
  ['announced nulls, items in another order, and twice', { nullAttribution: true, unstableOrder: true, duplicateAcrossPages: true }],
  ['a Slack with rate limits and hiccups', { slackRateLimit: { calls: [1] }, 'slack:rollup_error': { calls: [2] } }],
]

describe('a GitHub that misbehaves slows the sweep and hides nothing', () => {
  test.concurrent.each(misbehaviours)('%s', async (_name, faults) => {
    const { findings, report } = await sweepWorld({ sandbox: { faults } })
    expect(placesOf(findings)).toEqual(expect.arrayContaining(wanted))
    expect([report.undelivered, report.incomplete]).toEqual([0, []])
  })

  test.concurrent('a count that is never the same costs no finding, and makes no proof', async () => {
    const { findings, report } = await sweepWorld({ sandbox: { faults: { totalCountDrifts: true }, seed: 3 } })
    expect(placesOf(findings)).toEqual(expect.arrayContaining(wanted))
    for (const { outcome, reason } of report.incomplete) expect([outcome, reason]).toEqual(['partial', 'GitHub delivered fewer results than it counted'])
    expect(report.incomplete.length).toBeGreaterThan(0)
  })

  test.concurrent('results that GitHub itself calls incomplete are never a proof', async () => {
    const { report, coverage } = await sweepWorld({ sandbox: { faults: { incompleteFlag: true } } })
    expect(report.incomplete.length).toBe(report.runs)
    expect(coverage.filter(({ completeAt }) => completeAt !== null)).toEqual([])
  })

  test.concurrent('a refused token is no "nothing found": every query has failed, with the reason', async () => {
    await using database = await createDatabase()
    await using world = await createWorld({ sandbox: { tokens: [{ token: 'another', login: 'x', userId: 5 }] } })
    const app = await world.open(database.url)
    try {
      const report = await sweepOnce(app)
      expect(report.incomplete.length).toBe(report.runs)
      expect(report.incomplete[0]).toMatchObject({ outcome: 'failed' })
      expect(report.incomplete[0]?.reason).toMatch(/token/i)
      expect(exitCodeOf(report)).toBe(2)
      expect((await database.database.db.select().from(runs)).every(({ outcome }) => outcome === 'failed')).toBe(true)
    } finally {
      await app.close()
    }
  })
})

test.concurrent('nothing that the queue or the steps hold outlives the sweep, and no step is left behind', async () => {
  await using database = await createDatabase()
  await using world = await createWorld()
  const app = await world.open(database.url)
  try {
    await sweepOnce(app)
    expect((await database.database.db.select().from(steps)).filter(({ state }) => state === 'pending')).toEqual([])
    expect(await app.queues.counts('search.github-code')).toMatchObject({ waiting: 0, active: 0, delayed: 0 })
  } finally {
    await app.close()
  }
})
