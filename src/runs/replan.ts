import type { OpenSource } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import { currentTerms } from '../identifiers/current-terms.ts'
import { planTerms } from '../planning/terms.ts'
import { planSource, planWatches, type SourcePlan } from './plan-watches.ts'
import { readKnowledge } from './read-knowledge.ts'

const day = 24 * 3_600_000

/** Plans the watches of a source anew, from the stored inventory and what its runs taught. The same input gives the same watches. */
export async function replanSource(db: Db, id: string, source: OpenSource, now: Date): Promise<SourcePlan> {
  const knowledge = await readKnowledge(db, id, source.stems ?? null, now)
  // Another sample of names is checked every day.
  const planned = planTerms(await currentTerms(db), knowledge, Math.floor(now.getTime() / day))
  const plan = planSource(id, source, planned)
  await planWatches(db, plan, now)
  return plan
}
