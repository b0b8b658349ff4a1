import type { Line } from '../../src/contracts/inventory.ts'
import type { Db } from '../../src/db/client.ts'
import { coverage, coverEvents, documents, events, findings, identifiers, inferred, inferredPlaces, runs, watchCovers, watches } from '../../src/db/schema/index.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'

const day = 24 * 3_600_000

/** Right to left, invisible, markup, and long: what the public would write into everything that it can. */
export const hostile = '‮<img src=x onerror=alert(1)>​ﷺ"\'` javascript:alert(2)'

const line = (text: string, more: Partial<Line> = {}): Line => ({
  form: 'name', kind: 'package', ecosystem: 'npm', text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'inventory.csv:2', ...more,
})
const lines = [
  line('acme-ledger', { team: 'finance' }), line('acme-auth-client', { team: 'identity', where: 'inventory.csv:3' }), line('acme-vault', { team: 'identity', disclose: 'never', where: 'inventory.csv:4' }),
  line('com.acmecorp.', { form: 'prefix', kind: 'group', ecosystem: 'maven', team: 'platform', where: 'namesake.yaml: inventory.0' }),
  line('artifactory.acme-corp.com', { kind: 'host', ecosystem: null, where: 'namesake.yaml: inventory.1' }),
  line('HermesBuilder', { kind: 'codename', ecosystem: null, near: ['acme'], disclose: 'stem', team: hostile, where: 'namesake.yaml: inventory.2' }),
  line('@acme-corp/design-tokens', { publicOnPurpose: true, where: 'namesake.yaml: publicOnPurpose.0' }),
]

/**
 * A company in the middle of a quarter: an inventory, watches with every outcome, coverage with gaps, findings that were
 * found, closed, reopened and dismissed over the last four quarters, and inferred names that wait.
 */
export async function seedQuarter(db: Db, now: Date): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * day)
  await syncInventory(db, { lines, digest: 'seeded', now: ago(400) })
  const stored = await db.select().from(identifiers)
  const idOf = (name: string) => stored.find((row) => row.name === name)?.id ?? 0n
  await seedWatches(db, now, stored.filter(({ publicOnPurpose }) => !publicOnPurpose).map(({ id }) => id))
  const names = ['acme-ledger', 'acme-auth-client', 'HermesBuilder', 'artifactory.acme-corp.com'] as const
  const spelled = await db.insert(identifiers).values(Array.from({ length: 14 }, (_, at) => ({
    form: 'name' as const, kind: 'package' as const, ecosystem: 'maven' as const, name: at === 0 ? `com.acmecorp.x:${hostile}` : `com.acmecorp.billing:part-${at}`, key: `com.acmecorp.billing:part-${at}`,
    team: 'platform', disclose: 'name' as const, publicOnPurpose: false, near: [], patternId: idOf('com.acmecorp.'), createdAt: ago(200),
  }))).returning()
  const found = [...names.map((name) => ({ id: idOf(name), name })), ...spelled]
  for (const [at, { id, name }] of found.entries()) await seedFinding(db, { id, name, at, ago })
  await seedInferred(db, ago)
}

async function seedFinding(db: Db, { id, name, at, ago }: { readonly id: bigint; readonly name: string; readonly at: number; readonly ago: (days: number) => Date }): Promise<void> {
  const foundAt = ago(360 - at * 20)
  const severity = (['critical', 'high', 'medium', 'low'] as const)[at % 4] ?? 'low'
  const course = at % 5
  const state = course === 1 ? 'resolved' as const : course === 2 ? 'dismissed' as const : course === 3 ? 'acknowledged' as const : 'open' as const
  const [finding] = await db.insert(findings).values({
    identifierId: id, state, severity, reasons: ['declared as a dependency in a public file'], firstSeenAt: foundAt, publicSince: ago(365 - at * 20), publicSinceIsLowerBound: at % 3 === 0, updatedAt: foundAt,
    dismissedReason: state === 'dismissed' ? 'not-ours' : null, acknowledgedAt: course === 3 ? ago(358 - at * 20) : null, resolvedAt: course === 1 ? ago(350 - at * 20) : null,
  }).returning()
  const findingId = finding?.id ?? 0n
  const event = (verb: 'found' | 'acknowledged' | 'resolved' | 'dismissed', after: typeof state, moment: Date, facts: Record<string, string | boolean | null> = {}, reason: string | null = null) =>
    db.insert(events).values({ findingId, verb, actorKind: 'system', actor: 'namesake', state: after, reason, facts, at: moment })
  await event('found', 'open', foundAt, {
    identifier: name, kind: 'package', ecosystem: at % 2 === 0 ? 'npm' : 'maven', team: (['finance', 'identity', 'platform', null] as const)[at % 4] ?? null, source: at % 3 === 0 ? 'hacker-news' : 'github-code',
    role: 'dependency', severity, publicSince: ago(365 - at * 20).toISOString(), publicSinceIsLowerBound: at % 3 === 0,
  })
  if (course === 3) await event('acknowledged', 'acknowledged', ago(358 - at * 20))
  if (course === 1) await event('resolved', 'resolved', ago(350 - at * 20))
  if (course === 2) await event('dismissed', 'dismissed', ago(355 - at * 20), {}, 'not-ours')
}

const outcomes = ['complete', 'complete', 'complete', 'partial', 'throttled', 'failed', 'interrupted', null] as const

async function seedWatches(db: Db, now: Date, ids: readonly bigint[]): Promise<void> {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  const rows = await db.insert(watches).values(Array.from({ length: 60 }, (_, at) => ({
    source: 'hacker-news', key: `k${at}`, input: {}, query: at === 1 ? `"${hostile}"` : `"acme-${at}"`, term: `acme-${at}`, createdAt: ago(600_000), ranAt: ago(90), dueAt: at % 3 === 0 ? null : ago(-at * 30),
  }))).returning()
  await db.insert(watchCovers).values(rows.slice(0, ids.length).map(({ id }, at) => ({ watchId: id, identifierId: ids[at] ?? 0n })))
  await db.insert(coverEvents).values(rows.slice(0, ids.length).map(({ id }, at) => ({ watchId: id, identifierId: ids[at] ?? 0n, covers: true, at: ago(600_000) })))
  await db.insert(runs).values(rows.flatMap(({ id }, at) => {
    const outcome = outcomes[at % outcomes.length] ?? null
    return outcome === null ? [] : [{
      watchId: id, tick: ago(120), trigger: 'schedule' as const, outcome, pages: outcome === 'failed' ? 0 : 2, seen: 7, counted: 12, requests: 9, startedAt: ago(120 - at), finishedAt: ago(100 - at),
      reason: outcome === 'complete' ? null : outcome === 'partial' ? '5 of 12 results are out of reach' : outcome === 'failed' ? `the other side refused us: ${hostile}` : `the run was ${outcome}`,
    }]
  }))
  await db.insert(coverage).values(ids.map((identifierId, at) => ({
    identifierId, source: 'hacker-news', completeAt: at === 4 ? null : ago(90), attemptedAt: at === 4 ? null : ago(90), counted: at, seen: at,
    gap: at === 4 ? 'not searched: shorter than 3 characters' : at === 2 ? 'partial: 5 of 12 results are out of reach' : null,
  })))
}

async function seedInferred(db: Db, ago: (days: number) => Date): Promise<void> {
  const [document] = await db.insert(documents).values({
    source: 'github-code', ref: 'R1', revision: 'c0ffee', contentHash: 'h', url: 'https://github.example/jdoe/app/blob/c0ffee/package-lock.json', lineAnchor: '#L', title: 'package-lock.json', containerId: 'R1',
    containerName: 'jdoe/app', path: 'package-lock.json', truncated: false, matchedWith: 'm', firstSeenAt: ago(3), lastSeenAt: ago(1),
  }).returning()
  const rows = await db.insert(inferred).values(['billing-core', hostile, 'express', 'quota-service'].map((name, at) => ({
    kind: 'package' as const, ecosystem: 'npm' as const, name, key: `k${at}`, reason: 'resolved from artifactory.acme-corp.com, which is one of our hosts', weak: name === 'express', state: 'candidate' as const, firstSeenAt: ago(3 - at * 0.1), lastSeenAt: ago(1),
  }))).returning()
  await db.insert(inferredPlaces).values(rows.map(({ id }) => ({ inferredId: id, documentId: document?.id ?? 0n, line: 12, reason: 'resolved', firstSeenAt: ago(3) })))
}
