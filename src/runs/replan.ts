import { z } from 'zod'
import type { OpenSource } from '../contracts/source.ts'
import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { settings } from '../db/schema/index.ts'
import { currentTerms, inventoryDigest } from '../identifiers/current-terms.ts'
import { planTerms } from '../planning/terms.ts'
import { planSource, planWatches, type SourcePlan } from './plan-watches.ts'
import { readKnowledge } from './read-knowledge.ts'

const day = 24 * 3_600_000

/** Plans the watches of a source anew, from the stored inventory and what its runs taught. The same input gives the same watches. */
export async function replanSource(db: Db, id: string, source: OpenSource, now: Date): Promise<SourcePlan> {
  // Read before the terms: what changes in between is planned again.
  const digest = await inventoryDigest(db)
  const knowledge = await readKnowledge(db, id, source.stems ?? null, now)
  // Another sample of names is checked every day.
  const planned = planTerms(await currentTerms(db), knowledge, Math.floor(now.getTime() / day))
  const plan = planSource(id, source, planned)
  await planWatches(db, plan, now)
  const value = { digest }
  await db.insert(settings).values({ key: `planned.${id}`, value, changedAt: now }).onConflictDoUpdate({ target: settings.key, set: { value, changedAt: now } })
  return plan
}

const planned = z.object({ digest: z.string().nullable() })

/** When the watches of a source were planned last, and whether that was for the inventory as it is now. */
export async function readPlanned(db: Db, id: string): Promise<{ readonly at: Date | null; readonly upToDate: boolean }> {
  const [row] = await db.select().from(settings).where(eq(settings.key, `planned.${id}`))
  if (row === undefined) return { at: null, upToDate: false }
  return { at: row.changedAt, upToDate: planned.parse(row.value).digest === (await inventoryDigest(db)) }
}
