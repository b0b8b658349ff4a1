import { createHash } from 'node:crypto'
import { and, asc, eq, inArray, isNull } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Db } from '../db/client.ts'
import { identifiers, settings } from '../db/schema/index.ts'

const stored = z.object({ digest: z.string(), configured: z.string().optional() })

/**
 * Stores the digest of the whole inventory: of the configuration's lines (`configured`; absent: as stored last), of
 * the lines that were accepted, and of the names of drills. Matchers are compiled again when it changes. Call it after the lines were written, in
 * the same transaction: of two writers the later one waits here, and sees the lines of the earlier one.
 */
export async function writeDigest(tx: Db, now: Date, configured?: string): Promise<void> {
  const [row] = await tx.select({ value: settings.value }).from(settings).where(eq(settings.key, 'inventory')).for('update')
  const before = row === undefined ? undefined : stored.parse(row.value)
  const base = configured ?? before?.configured ?? before?.digest
  // Nothing was synchronised yet: nobody holds an inventory that could be outdated.
  if (base === undefined) return
  const accepted = await tx
    .select({ id: identifiers.id })
    .from(identifiers)
    .where(and(inArray(identifiers.origin, ['accepted', 'drill']), isNull(identifiers.retiredAt)))
    .orderBy(asc(identifiers.id))
  const value = { digest: digestOf(base, accepted.map(({ id }) => String(id))), configured: base }
  await tx.insert(settings).values({ key: 'inventory', value, changedAt: now }).onConflictDoUpdate({ target: settings.key, set: { value, changedAt: now } })
}

function digestOf(configured: string, accepted: readonly string[]): string {
  if (accepted.length === 0) return configured
  return createHash('sha256').update(JSON.stringify([configured, accepted])).digest('hex')
}
