import { eq, sql } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Db } from '../db/client.ts'
import { settings } from '../db/schema/index.ts'

const schema = z.object({ tick: z.iso.datetime() })

/**
 * Takes a tick of a named schedule: true for exactly one caller, however many schedulers see it, and never for a
 * tick older than the last. Call it in the transaction that does what the tick stands for.
 */
export async function claimTick(tx: Db, name: string, tick: Date, now: Date): Promise<boolean> {
  const value = { tick: tick.toISOString() }
  const claimed = await tx
    .insert(settings)
    .values({ key: `tick.${name}`, value, changedAt: now })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value, changedAt: now },
      // ISO 8601 in UTC with a fixed width: text order is time order.
      setWhere: sql`${settings.value}->>'tick' < ${value.tick}`,
    })
    .returning({ key: settings.key })
  return claimed.length > 0
}

/** The last tick that was taken; null: never one. */
export async function lastTick(db: Db, name: string): Promise<Date | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, `tick.${name}`))
  return row === undefined ? null : new Date(schema.parse(row.value).tick)
}
