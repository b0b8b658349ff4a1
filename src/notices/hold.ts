import { and, gt, isNotNull, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { destinations, mutes, type NoticeKind } from '../db/schema/index.ts'
import type { PendingNotice } from './pending.ts'
import { quietUntil } from './quiet-hours.ts'
import { takes } from './route.ts'

/** Why a notice that waits is not told now. Nothing is dropped: whatever holds it ends, and then it is told. */
export interface Hold {
  readonly why: 'mute' | 'quiet-hours' | 'dead'
  /** When it ends by itself; of a dead destination when it is tried again. */
  readonly until: Date
  /** In words, without names. */
  readonly says: string
}

/** A destination that refused us for good is tried with one message an hour: it may have been mended. Milliseconds. */
const tryAgainMs = 60 * 60_000

/** Everything that holds notices at a moment. */
export interface Holds {
  readonly mutes: readonly { readonly channel: string | null; readonly endsAt: Date; readonly reason: string }[]
  readonly dead: ReadonlyMap<string, { readonly tryAt: Date; readonly reason: string }>
  readonly quietUntil: Date | null
  readonly quietHours: Routing['quietHours']
}

export async function readHolds(db: Db, { quietHours }: Pick<Routing, 'quietHours'>, now: Date): Promise<Holds> {
  const muted = await db.select().from(mutes).where(and(isNull(mutes.endedAt), gt(mutes.endsAt, now)))
  const dead = await db.select().from(destinations).where(isNotNull(destinations.deadSince))
  return {
    mutes: muted,
    dead: new Map(dead.flatMap(({ name, triedAt, reason }) => {
      const tryAt = new Date((triedAt ?? new Date(0)).getTime() + tryAgainMs)
      return tryAt > now ? [[name, { tryAt, reason: reason ?? 'it refused us' }] as const] : []
    })),
    quietUntil: quietHours === null ? null : quietUntil(quietHours, now),
    quietHours,
  }
}

/**
 * What keeps a notice back, the longest where several do; null: nothing. Quiet hours spare what they except, changes of
 * messages that stand already, and word for the operator; a mute spares nothing.
 */
export function holdOf(holds: Holds, notice: Pick<PendingNotice, 'channel' | 'kind' | 'facts'>): Hold | null {
  const found: Hold[] = []
  for (const { channel, endsAt, reason } of holds.mutes) {
    if (channel === null || channel === notice.channel) found.push({ why: 'mute', until: endsAt, says: `muted: ${reason}` })
  }
  const dead = holds.dead.get(notice.channel)
  if (dead !== undefined) found.push({ why: 'dead', until: dead.tryAt, says: `the destination refused us for good: ${dead.reason}` })
  const { quietHours, quietUntil } = holds
  if (quietUntil !== null && quietHours !== null && isHeldByQuiet(notice.kind) && !takes(quietHours.except, notice.facts)) {
    found.push({ why: 'quiet-hours', until: quietUntil, says: 'quiet hours' })
  }
  return found.sort((a, b) => b.until.getTime() - a.until.getTime())[0] ?? null
}

function isHeldByQuiet(kind: NoticeKind): boolean {
  return kind !== 'operator' && kind !== 'changed' && kind !== 'refresh'
}
