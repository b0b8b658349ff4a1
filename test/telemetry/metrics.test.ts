import { createLog } from '../../src/log.ts'
import { parse } from 'yaml'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { claims, destinations, documents, drills, inferred, processes, runs, steps, watches } from '../../src/db/schema/index.ts'
import { startDrill } from '../../src/drills/start-drill.ts'
import type { Counts } from '../../src/queue/open.ts'
import { answerScrape } from '../../src/telemetry/answer-scrape.ts'
import { createMetrics, type Metrics } from '../../src/telemetry/render-metrics.ts'
import { serveMetrics } from '../../src/telemetry/serve-metrics.ts'
import { addCoverage, addFinding, addIdentifier, addNotice, addPlace } from '../notices/outbox.ts'
import { useDatabase } from '../support/database.ts'

const own = useDatabase({ truncate: true })
const now = new Date('2026-11-27T12:00:00Z')
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)
const idle: Counts = { waiting: 3, active: 1, delayed: 2, failed: 4, pausedUntil: new Date(now.getTime() + 30_000) }

function metricsOf(queues = { counts: (queue: string) => (queue === 'fetch.github-code' ? Promise.reject(new Error('away')) : Promise.resolve(idle)) }): Metrics {
  return createMetrics({
    db: own.database.db, queues, queueNames: ['search.github-code', 'fetch.github-code'], version: '1.2.3',
    limits: new Map([['github-code', { search: { max: 9, perMs: 60_000 }, fetch: { max: 4_200, perMs: 3_600_000 } }]]),
  })
}
/** Sample lines by `name{labels}`, without those of the process. */
async function samples(metrics = metricsOf()): Promise<ReadonlyMap<string, number>> {
  const lines = (await metrics.render(now)).split('\n').filter((line) => line.startsWith('namesake_'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

/** One of everything, by hand. */
async function fill(): Promise<void> {
  const { db } = own.database
  const [watch] = await db.insert(watches).values({ source: 'github-code', key: 'k', input: {}, query: 'acme-corp-auth in secret/repository', createdAt: ago(9_000) }).returning()
  const watchId = watch?.id ?? 0n
  const ended = (minutes: number, outcome: 'complete' | 'failed', pages: number, requests: number) => ({ watchId, tick: ago(minutes), trigger: 'schedule' as const, outcome, pages, requests, startedAt: ago(minutes), finishedAt: ago(minutes) })
  await db.insert(runs).values([ended(5_000, 'complete', 2, 5), ended(50, 'complete', 1, 3), ended(10, 'failed', 0, 1)])
  const [running] = await db.insert(runs).values({ watchId, tick: now, trigger: 'schedule', startedAt: now }).returning()
  await db.insert(steps).values({ runId: running?.id ?? 0n, kind: 'search', source: 'github-code', key: '1', input: { kind: 'search', page: null, number: 1 }, state: 'pending', createdAt: ago(4) })
  const identifierId = await addIdentifier(db, { name: 'acme-corp-auth' })
  const publicSince = ago(600)
  const one = await addFinding(db, { identifierId, severity: 'critical', publicSince, publicSinceIsLowerBound: false, places: 3, livePlaces: 2 })
  await addPlace(db, one)
  const two = await addFinding(db, { name: 'acme-corp-billing', state: 'resolved', severity: 'low', publicSince, publicSinceIsLowerBound: true, places: 1 })
  await addNotice(db, { findingId: one, state: 'delivered', deliveredAt: ago(590), createdAt: ago(590) })
  await addNotice(db, { findingId: one, channel: 'teams', state: 'delivered', deliveredAt: ago(0), createdAt: ago(590) })
  await addNotice(db, { findingId: two, state: 'delivered', deliveredAt: ago(590), createdAt: ago(590) })
  await addNotice(db, { findingId: two, kind: 'reopened', createdAt: ago(7) })
  await addNotice(db, { findingId: two, kind: 'place', createdAt: ago(700) })
  await db.insert(destinations).values([{ name: 'slack', deliveredAt: ago(590) }, { name: 'teams', failingSince: ago(5), deadSince: ago(5), reason: 'refused' }])
  await addNotice(db, { findingId: two, channel: 'teams', kind: 'reopened', state: 'dead', createdAt: ago(7) })
  await addCoverage(db, identifierId, { completeAt: ago(120), attemptedAt: ago(60) })
  await addCoverage(db, await addIdentifier(db), { completeAt: ago(30), attemptedAt: ago(30), gap: 'failed: 500' })
  await addCoverage(db, await addIdentifier(db, { retiredAt: ago(1) }), { completeAt: ago(9_999), attemptedAt: ago(9_999) })
  await db.insert(claims).values({ identifierId, registry: 'npm', state: 'unclaimed', claimable: 'yes', why: 'absent', signals: [], toldAt: now, askedAt: now, createdAt: now })
  await db.insert(processes).values([{ id: 'a', name: 'search', host: 'h', startedAt: ago(60), beatAt: ago(1) }, { id: 'b', name: 'search', host: 'h', startedAt: ago(60), beatAt: ago(20) }])
  await db.insert(inferred).values({ kind: 'package', name: 'acme-corp-maybe', key: 'acme-corp-maybe', reason: 'r', weak: false, state: 'candidate', firstSeenAt: now, lastSeenAt: now })
}

describe('the numbers of the service', () => {
  beforeEach(() => fill())

  const expected: Readonly<Record<string, number>> = Object.fromEntries([
    ['namesake_runs_total{source="github-code",outcome="complete"}', 2],
    ['namesake_runs_total{source="github-code",outcome="failed"}', 1],
    ['namesake_run_requests_total{source="github-code",kind="search"}', 3],
    ['namesake_run_requests_total{source="github-code",kind="fetch"}', 6],
    ['namesake_documents_total{source="github-code"}', 1],
    ['namesake_request_budget_per_hour{source="github-code",kind="search"}', 540],
    ['namesake_request_budget_used{source="github-code",kind="search"}', 1],
    ['namesake_request_budget_used{source="github-code",kind="fetch"}', 3],
    ['namesake_request_budget_left{source="github-code",kind="fetch"}', 4_197],
    ['namesake_findings{state="open",severity="critical"}', 1],
    ['namesake_findings{state="resolved",severity="low"}', 1],
    ['namesake_matches{status="all"}', 4],
    ['namesake_matches{status="live"}', 2],
    ['namesake_inferred_names', 1],
    ['namesake_claims{registry="npm",state="unclaimed",claimable="yes"}', 1],
    ['namesake_steps_pending{source="github-code",kind="search"}', 1],
    ['namesake_oldest_pending_step_age_seconds{source="github-code",kind="search"}', 240],
    ['namesake_queue_jobs{queue="search.github-code",state="waiting"}', 3],
    ['namesake_queue_jobs_given_up_total{queue="search.github-code"}', 4],
    ['namesake_queue_paused_seconds{queue="search.github-code"}', 30],
    ['namesake_queues_unreachable', 1],
    ['namesake_notices_delivered_total{destination="slack",kind="leaked"}', 2],
    ['namesake_notices_undelivered{destination="slack",state="pending"}', 2],
    ['namesake_destination_failing_seconds{destination="slack"}', 0],
    ['namesake_destination_failing_seconds{destination="teams"}', 300],
    ['namesake_destination_dead{destination="teams"}', 1],
    ['namesake_notices_undelivered{destination="teams",state="dead"}', 1],
    ['namesake_oldest_pending_notice_age_seconds{destination="slack"}', 420],
    ['namesake_publication_to_alert_seconds_bucket{destination="slack",le="300"}', 0],
    ['namesake_publication_to_alert_seconds_bucket{destination="slack",le="900"}', 1],
    ['namesake_publication_to_alert_seconds_bucket{destination="teams",le="14400"}', 0],
    ['namesake_publication_to_alert_seconds_bucket{destination="teams",le="43200"}', 1],
    ['namesake_publication_to_alert_seconds_bucket{destination="teams",le="+Inf"}', 1],
    ['namesake_publication_to_alert_seconds_sum{destination="teams"}', 36_000],
    ['namesake_publication_to_alert_seconds_count{destination="slack"}', 1],
    ['namesake_coverage_names{source="github-code",state="proven"}', 1],
    ['namesake_coverage_names{source="github-code",state="gap"}', 1],
    ['namesake_coverage_age_seconds{source="github-code"}', 7_200],
    ['namesake_processes{process="search"}', 2],
    ['namesake_process_heartbeat_age_seconds{process="search"}', 60],
    ['namesake_process_heartbeat_oldest_age_seconds{process="search"}', 1_200],
    ['namesake_info{version="1.2.3"}', 1],
  ])

  test('are what the tables say', async () => {
    expect(Object.fromEntries(await samples())).toMatchObject(expected)
  })

  test('are the same in another process, and after a restart', async () => {
    const [one, other] = [metricsOf(), metricsOf()]
    await one.render(now)
    expect(await samples(one)).toEqual(await samples(other))
  })

  test('a queue that cannot be asked has no depth, which is not 0', async () => {
    expect([...(await samples()).keys()].filter((name) => name.includes('fetch.github-code'))).toEqual([])
  })

  test('have no name of the inventory, no query and no place in them', async () => {
    const text = await metricsOf().render(now)
    for (const secret of ['acme-corp', 'secret/repository', 'someone/shop', 'file-']) expect(text).not.toContain(secret)
  })

  test('do not count drills, but tell how the ones under way stand', async () => {
    const { db } = own.database
    const before = await samples()
    const token = 'k2b3c4d5f6'
    await startDrill(db, { canary: { name: `acme-corp-canary-${token}`, ecosystem: 'npm', token, team: null }, findWithinSeconds: 60, acknowledgeWithinSeconds: 60, by: 'eve', now: ago(99) })
    const [drill] = await db.update(drills).set({ plantedAt: ago(98) }).returning()
    const findingId = await addFinding(db, { identifierId: drill?.identifierId ?? 0n, firstSeenAt: ago(40), severity: 'critical', publicSinceIsLowerBound: false, publicSince: ago(98), places: 7, livePlaces: 7 })
    await addNotice(db, { findingId, state: 'delivered', deliveredAt: ago(30), createdAt: ago(40) })
    await addCoverage(db, drill?.identifierId ?? 0n, { gap: 'not swept yet' })
    const after = new Map(await samples())
    expect(after.get('namesake_drills{outcome="failed"}')).toBe(1)
    // The alert was a message like every other; how long it took is the drill's own.
    for (const name of ['namesake_drills{outcome="failed"}', 'namesake_drills{outcome="running"}', 'namesake_notices_delivered_total{destination="slack",kind="leaked"}']) {
      after.delete(name)
      expect(before.has(name)).toBe(true)
    }
    for (const [name, value] of after) expect([name, value]).toEqual([name, before.get(name)])
  })

  test('count up: nothing that is called total ever gets less', async () => {
    const metrics = metricsOf()
    const before = await samples(metrics)
    await own.database.db.insert(documents).values({
      source: 'github-code', ref: 'another', revision: 'r', contentHash: 'h', url: 'u', lineAnchor: '', title: 't', containerId: 'c', containerName: 'c', truncated: false, matchedWith: 'm', firstSeenAt: now, lastSeenAt: now,
    })
    const after = await samples(metrics)
    expect(after.get('namesake_documents_total{source="github-code"}')).toBe(2)
    expect([...before].filter(([name, value]) => /_total\{/.test(name) && (after.get(name) ?? 0) < value)).toEqual([])
  })
})

describe('a scrape', () => {
  const metrics: Metrics = { contentType: 'text/plain; version=0.0.4', render: () => Promise.resolve('namesake_info 1\n') }
  const failures: unknown[] = []
  const ask = (token: string | null, authorization: string | null, from = metrics) => answerScrape(from, { token, authorization, now, onFailure: (error) => failures.push(error) })

  test.each([[null], [''], ['Bearer'], ['Bearer wrong-token-of-16'], ['Basic a-token-of-16-characters'], ['bearer a-token-of-16-characters']])('with %j instead of the token gets nothing', async (authorization) => {
    expect(await ask('a-token-of-16-characters', authorization)).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
  })

  test('with the token, or where none is needed, gets the numbers', async () => {
    expect(await ask('a-token-of-16-characters', 'Bearer a-token-of-16-characters')).toMatchObject({ status: 200, body: 'namesake_info 1\n' })
    expect(await ask(null, null)).toMatchObject({ status: 200 })
  })

  test('that cannot be answered is an error and says nothing of it to the scraper', async () => {
    const answer = await ask(null, null, { ...metrics, render: () => Promise.reject(new Error('password authentication failed for user namesake')) })
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('password')
    expect(failures).toHaveLength(1)
  })

  const listen = (more: { readonly host?: string; readonly token?: string | null }) => serveMetrics(metrics, { host: '127.0.0.1', port: 0, token: null, now: () => now, log: createLog({ level: 'silent' }), ...more })

  test('over the listener of its own: GET /metrics and nothing else', async () => {
    const listener = await listen({ token: 'a-token-of-16-characters' })
    try {
      const get = (url: string, init: RequestInit = {}) => fetch(url, init).then(({ status }) => status)
      expect(await get(listener.url)).toBe(401)
      expect(await get(listener.url, { headers: { authorization: 'Bearer a-token-of-16-characters' } })).toBe(200)
      expect(await get(listener.url, { method: 'POST' })).toBe(405)
      expect(await get(listener.url.replace('/metrics', '/'))).toBe(404)
    } finally {
      await listener.close()
    }
  })

  test('a listener that other machines can reach needs a token; an address that is taken is said', async () => {
    await expect(listen({ host: '0.0.0.0' })).rejects.toThrow(/telemetry.metrics.token.*a token is needed/)
    const listener = await listen({})
    try {
      const port = Number(new URL(listener.url).port)
      await expect(serveMetrics(metrics, { host: '127.0.0.1', port, token: null, now: () => now, log: createLog({ level: 'silent' }) })).rejects.toThrow(/telemetry.metrics.port.*free port/)
    } finally {
      await listener.close()
    }
  })
})

const folder = path.join(import.meta.dirname, '..', '..', 'ops')

describe('the dashboard and the alert rules', () => {
  /** What stands in PromQL and begins like a metric of ours or of the process. */
  const namesIn = (text: string): string[] => [...new Set(text.match(/\b(?:namesake|process|nodejs)_[a-z_]+[a-z]\b/g))]

  test('use only metrics that the exposition has', async () => {
    await fill()
    const text = await metricsOf().render(now)
    const known = new Set(text.split('\n').flatMap((line) => /^(?:# TYPE )?(?<name>[a-z_]+)/.exec(line)?.groups?.['name'] ?? []))
    const dashboard = await readFile(path.join(folder, 'grafana', 'namesake.json'), 'utf8')
    const expressions = [...dashboard.matchAll(/"expr": "(?<expr>(?:[^"\\]|\\.)*)"/g)].map(({ groups }) => groups?.['expr'] ?? '')
    expect(expressions.length).toBeGreaterThan(10)
    const rules = await readFile(path.join(folder, 'prometheus', 'alerts.yaml'), 'utf8')
    const used = namesIn([...expressions, ...expressionsOf(rules)].join('\n'))
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter((name) => !known.has(name))).toEqual([])
  })

  test('the rules are rules: a name, an expression, a severity, and words that say what to do', async () => {
    const rules = await readFile(path.join(folder, 'prometheus', 'alerts.yaml'), 'utf8')
    const groups: { groups: { rules: { alert: string; expr: string; for?: string; labels: { severity: string }; annotations: { summary: string; description: string } }[] }[] } = parse(rules)
    const all = groups.groups.flatMap((group) => group.rules)
    expect(new Set(all.map(({ alert }) => alert)).size).toBe(all.length)
    for (const rule of all) {
      expect(rule.expr).toMatch(/namesake_|up\{/)
      expect(['page', 'ticket']).toContain(rule.labels.severity)
      expect(rule.annotations.summary.length * rule.annotations.description.length).toBeGreaterThan(0)
    }
  })

  test('the dashboard is JSON with a panel for each expression and no panel twice in a place', async () => {
    const dashboard: { panels: { title: string; gridPos: { x: number; y: number; w: number; h: number } }[] } = JSON.parse(await readFile(path.join(folder, 'grafana', 'namesake.json'), 'utf8'))
    const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x},${y}`)
    expect(new Set(places).size).toBe(places.length)
    for (const { title, gridPos } of dashboard.panels) {
      expect(title).not.toBe('')
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    }
  })

  function expressionsOf(rules: string): string[] {
    const parsed: { groups: { rules: { expr: string }[] }[] } = parse(rules)
    return parsed.groups.flatMap((group) => group.rules.map(({ expr }) => expr))
  }
})
