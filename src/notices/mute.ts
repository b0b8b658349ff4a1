import { and, gt, isNull } from '../db/drizzle.ts'
import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { mutes } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'

export interface Mute {
  /** Null: every destination. */
  readonly channel: string | null
  readonly until: Date
  readonly reason: string
  readonly actor: Actor
  readonly now: Date
}

/** A mute that nobody remembers is the worst way to lose an alert. Milliseconds. */
const longestMs = 30 * 24 * 3_600_000
const longestReason = 1_000

/**
 * Tells nobody until a moment. Nothing is dropped: what happens meanwhile waits, and is told when the mute ends. Several
 * mutes may be in force, and the last that ends counts.
 * @returns its id
 * @throws Invalid without a reason, for an end in the past or more than 30 days off
 */
export async function mute(db: Db, { channel, until, reason, actor, now }: Mute): Promise<bigint> {
  const why = reason.trim()
  if (why === '') throw new Invalid('a mute needs a reason: who reads "nobody is told" wants to know why')
  if (why.length > longestReason) throw new Invalid(`the reason of a mute has at most ${longestReason} characters`)
  if (!(until > now)) throw new Invalid('a mute ends in the future')
  if (until.getTime() - now.getTime() > longestMs) throw new Invalid('a mute lasts at most 30 days: a destination that is not wanted any more is taken out of the configuration')
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(mutes)
      .values({ channel, reason: why, actorKind: actor.kind, actor: actor.name, createdAt: now, endsAt: until })
      .returning({ id: mutes.id })
    if (row === undefined) throw new Error('an insert returned no row')
    await recordAction(tx, { actor, verb: 'destination-muted', subject: { kind: 'destination', name: channel ?? 'every destination' }, facts: { until: until.toISOString(), reason: why }, at: now })
    return row.id
  })
}

export type MuteRow = typeof mutes.$inferSelect

/** Those in force, the one that ends last first. */
export async function listMutes(db: Db, now: Date): Promise<readonly MuteRow[]> {
  const rows = await db.select().from(mutes).where(and(isNull(mutes.endedAt), gt(mutes.endsAt, now)))
  return rows.sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime())
}
