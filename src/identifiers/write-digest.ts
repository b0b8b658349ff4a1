import { createHash } from 'node:crypto'
import { and, asc, eq, isNotNull, isNull, ne, or, sql } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Db } from '../db/client.ts'
import { identifiers, settings } from '../db/schema/index.ts'
import { rememberIdentifiers } from './remember-identifiers.ts'

const stored = z.object({ digest: z.string(), configured: z.string().optional() })

/**
 * Stores the digest of the whole inventory: of the configuration's lines (`configured`; absent: as stored last), of
 * the lines that were accepted, are kept on the page or were marked as public there, and of the names of drills. When it changes, matchers are compiled
 * again and watches planned anew. Call it after the lines were written, in the same transaction: of two writers the later
 * one waits here, and sees the lines of the earlier one. Names that a pattern spelled out follow it here, and what changed
 * about the lines goes into their history.
 */
export async function writeDigest(tx: Db, now: Date, configured?: string): Promise<void> {
  await followPatterns(tx)
  await rememberIdentifiers(tx, now)
  const [row] = await tx.select({ value: settings.value }).from(settings).where(eq(settings.key, 'inventory')).for('update')
  const before = row === undefined ? undefined : stored.parse(row.value)
  const base = configured ?? before?.configured ?? before?.digest
  // Nothing was synchronised yet: nobody holds an inventory that could be outdated.
  if (base === undefined) return
  const { id, team, disclose, publicOnPurpose, near } = identifiers
  const kept = await tx
    .select({ id, team, disclose, publicOnPurpose, near })
    .from(identifiers)
    .where(and(or(ne(identifiers.origin, 'inventory'), isNotNull(identifiers.markedPublicAt)), isNull(identifiers.retiredAt)))
    .orderBy(asc(identifiers.id))
  const value = { digest: digestOf(base, kept.map((row) => [String(row.id), row.team, row.disclose, row.publicOnPurpose, row.near])), configured: base }
  await tx.insert(settings).values({ key: 'inventory', value, changedAt: now }).onConflictDoUpdate({ target: settings.key, set: { value, changedAt: now } })
}

/** Who a name may be told to, and whose it is, is said of the pattern only: a name that it spelled out has no other rule. */
async function followPatterns(tx: Db): Promise<void> {
  await tx.execute(sql`
    update identifiers spelled set disclose = pattern.disclose, team = pattern.team
    from identifiers pattern
    where spelled.pattern_id = pattern.id and pattern.retired_at is null
      and (spelled.disclose, spelled.team) is distinct from (pattern.disclose, pattern.team)`)
}

/**
 * Nobody else changes the inventory until the end of this transaction. Every writer takes this lock before any other:
 * so none waits for one that waits for it.
 */
export async function lockInventory(tx: Db): Promise<void> {
  await tx.select({ key: settings.key }).from(settings).where(eq(settings.key, 'inventory')).for('update')
}

function digestOf(configured: string, kept: readonly unknown[]): string {
  if (kept.length === 0) return configured
  return createHash('sha256').update(JSON.stringify([configured, kept])).digest('hex')
}
