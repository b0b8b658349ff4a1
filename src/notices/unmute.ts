import { and, eq, gt, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { mutes } from '../db/schema/index.ts'

export interface Unmute {
  /** A destination: ends the mutes of it alone. Null: ends every mute. */
  readonly channel: string | null
  readonly actor: string
  readonly now: Date
}

/** Ends mutes before their end; what waited is told within the minute. The rows stay and say who ended them. @returns how many were ended */
export async function unmute(db: Db, { channel, actor, now }: Unmute): Promise<number> {
  const ended = await db
    .update(mutes)
    .set({ endedAt: now, endedBy: actor })
    .where(and(isNull(mutes.endedAt), gt(mutes.endsAt, now), channel === null ? undefined : eq(mutes.channel, channel)))
    .returning({ id: mutes.id })
  return ended.length
}
