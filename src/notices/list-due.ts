import { and, eq, gt, inArray, isNotNull, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { alertKinds, findings, notices } from '../db/schema/index.ts'
import { holdOf, readHolds } from './hold.ts'
import { isAlert, listPending, type PendingNotice } from './pending.ts'

/** One message that waits to be sent. Ids only: it may travel through a queue. */
export type Due =
  | { readonly kind: 'notice'; readonly channel: string; readonly noticeId: bigint }
  /** All `place` notices of the channel that are pending when it is delivered. */
  | { readonly kind: 'digest'; readonly channel: string }
  /** Alerts of the channel that are pending when it is delivered: those that are loud, or those that are not. */
  | { readonly kind: 'storm'; readonly channel: string; readonly loud: boolean }
  /** All `changed`, or all `refresh`, notices of a finding that are pending when it is delivered: one answer, one change. */
  | { readonly kind: 'changed' | 'refresh'; readonly channel: string; readonly findingId: bigint }

export interface Asked {
  readonly routing: Routing
  readonly now: Date
  /** Whether places are told: of all that wait, or only when one was born before a moment. */
  readonly digest: boolean | { readonly bornBefore: Date }
  /** Nobody comes back later: a second message for many alerts does not wait for its turn. */
  readonly flush?: boolean
}

/**
 * What is to be told now: alerts each by itself, oldest first, or many at once as one message; what concerns messages that were sent
 * before, by finding; and, only if asked for, one digest per channel that has places to tell. What is held
 * (quiet hours, a mute, a destination that refused us) is not listed until that ends.
 */
export async function listDue(db: Db, asked: Asked): Promise<readonly Due[]> {
  const { routing, now } = asked
  const pending = await listPending(db, { channels: routing.destinations.map(({ name }) => name), quietHours: routing.quietHours })
  if (pending.length === 0) return []
  const holds = await readHolds(db, routing, now)
  const free = pending.filter((notice) => holdOf(holds, notice) === null)
  const storms = await findStorms(db, free.filter(({ kind }) => isAlert(kind)), asked)
  const listed = new Set<string>()
  const due: Due[] = []
  const later: Due[] = []
  for (const notice of free) {
    const { channel, kind, findingId, loud } = notice
    if (kind === 'place') continue
    if (kind === 'changed' || kind === 'refresh') {
      if (findingId !== null && isFirst(listed, `${kind} ${channel} ${findingId}`)) later.push({ kind, channel, findingId })
      continue
    }
    const storm = isAlert(kind) && isGathered(notice) ? storms.get(keyOf(notice)) : undefined
    if (storm === undefined) due.push({ kind: 'notice', channel, noticeId: notice.id })
    else if (storm === 'now' && isFirst(listed, `storm ${keyOf(notice)}`)) due.push({ kind: 'storm', channel, loud })
  }
  const digests = channelsWithDigest(free, asked.digest).map((channel) => ({ kind: 'digest' as const, channel }))
  return [...due, ...later, ...digests]
}

/** The rows of a message for many alerts begin their attempt with this: they are one message until its answer is known. */
export const stormAttempt = 'storm-'

/** Whether a row may be part of a message for many alerts: not when it was, or may have been, sent by itself. */
export function isGathered({ attempt }: Pick<PendingNotice, 'attempt'>): boolean {
  return attempt === null || attempt.startsWith(stormAttempt)
}

function isFirst(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

const keyOf = ({ channel, loud }: { readonly channel: string; readonly loud: boolean }): string => `${channel} ${loud ? 'loud' : 'other'}`

/**
 * Where alerts are gathered: more wait for a channel, or were born for it within the time, than are told one by one.
 * What is critical is counted apart from the rest, so that a flood of little things neither hides nor delays it. After
 * such a message the next one of the same kind waits until the time is over.
 */
async function findStorms(db: Db, all: readonly PendingNotice[], { routing: { storm, destinations }, now, flush = false }: Asked): Promise<ReadonlyMap<string, 'now' | 'waits'>> {
  const storms = new Map<string, 'now' | 'waits'>()
  const single = new Set(destinations.filter(({ everySingle }) => everySingle === true).map(({ name }) => name))
  const alerts = all.filter(({ channel, attempt }) => !single.has(channel) || attempt?.startsWith(stormAttempt) === true)
  const waiting = new Map<string, number>()
  for (const alert of alerts) waiting.set(keyOf(alert), (waiting.get(keyOf(alert)) ?? 0) + 1)
  for (const alert of alerts) if (alert.attempt?.startsWith(stormAttempt) === true) storms.set(keyOf(alert), 'now')
  if (!Number.isFinite(storm.more) || waiting.size === 0) return storms
  const since = new Date(now.getTime() - storm.withinMs)
  const told = await readTold(db, [...new Set(alerts.map(({ channel }) => channel))], since)
  for (const [key, count] of waiting) {
    const before = told.get(key)
    if (count + (before?.alerts ?? 0) <= storm.more) continue
    const again = before?.gatheredAt !== null && before?.gatheredAt !== undefined && before.gatheredAt > since
    storms.set(key, again && !flush && storms.get(key) !== 'now' ? 'waits' : 'now')
  }
  return storms
}

interface Told {
  /** Alerts that were born since the moment and are told. */
  readonly alerts: number
  /** When a message for many was told last since the moment. */
  readonly gatheredAt: Date | null
}

async function readTold(db: Db, channels: readonly string[], since: Date): Promise<ReadonlyMap<string, Told>> {
  const alert = and(inArray(notices.channel, [...channels]), inArray(notices.kind, [...alertKinds]), eq(notices.state, 'delivered'))
  const loud = sql<boolean>`(${notices.kind} = 'claim' or coalesce(${findings.severity} = 'critical', false))`
  const born = await db
    .select({ channel: notices.channel, loud, alerts: sql<number>`count(*)::int` })
    .from(notices)
    .leftJoin(findings, eq(findings.id, notices.findingId))
    .where(and(alert, gt(notices.createdAt, since)))
    .groupBy(notices.channel, loud)
  const gathered = await db
    .select({ channel: notices.channel, loud, at: sql<string>`max(${notices.deliveredAt})` })
    .from(notices)
    .leftJoin(findings, eq(findings.id, notices.findingId))
    .where(and(alert, isNotNull(notices.toldWith), gt(notices.deliveredAt, since)))
    .groupBy(notices.channel, loud)
  const told = new Map<string, Told>()
  for (const row of born) told.set(keyOf(row), { alerts: row.alerts, gatheredAt: null })
  for (const row of gathered) told.set(keyOf(row), { alerts: told.get(keyOf(row))?.alerts ?? 0, gatheredAt: new Date(row.at) })
  return told
}

function channelsWithDigest(free: readonly PendingNotice[], digest: Asked['digest']): readonly string[] {
  if (digest === false) return []
  const places = free.filter(({ kind, createdAt }) => kind === 'place' && (digest === true || createdAt < digest.bornBefore))
  return [...new Set(places.map(({ channel }) => channel))].sort()
}
