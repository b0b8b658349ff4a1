import { and, eq, gt, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { mutes } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'

export interface Unmute {
  /** A destination: ends the mutes of it alone. Null: ends every mute. */
  readonly channel: string | null
  readonly actor: Actor
  readonly now: Date
}

/** Ends mutes before their end; what waited is told within the minute. The rows stay and say who ended them. @returns how many were ended */
export async function unmute(db: Db, { channel, actor, now }: Unmute): Promise<number> {
  return db.transaction(async (tx) => {
    const ended = await tx
      .update(mutes)
      .set({ endedAt: now, endedBy: actor.name })
      .where(and(isNull(mutes.endedAt), gt(mutes.endsAt, now), channel === null ? undefined : eq(mutes.channel, channel)))
      .returning({ id: mutes.id })
    if (ended.length > 0) await recordAction(tx, { actor, verb: 'destination-unmuted', subject: { kind: 'destination', name: channel ?? 'every destination' }, facts: { mutes: ended.length }, at: now })
    return ended.length
  })
}
