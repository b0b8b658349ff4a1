import { forbidContaining } from '../claims/plan-claims.ts'
import { readPlanned, replanSource } from '../runs/replan.ts'
import type { JobContext } from './context.ts'

/**
 * Plans the watches of every source anew whose plan was made for another inventory: people change it on the page while
 * the service runs. Several processes may do it at once: the same inventory gives the same watches. Answers how many
 * sources were planned.
 */
export async function followInventory(context: Pick<JobContext, 'database' | 'sources' | 'askRule' | 'now' | 'log'>): Promise<number> {
  const { db } = context.database
  let planned = 0
  for (const [id, source] of context.sources) {
    if ((await readPlanned(db, id)).upToDate) continue
    // Registries first: what may not be told any more is told to nobody from now on.
    if (planned === 0) await forbidContaining(db, await context.askRule())
    await db.transaction((tx) => replanSource(tx, id, source, context.now()))
    planned += 1
    context.log.info({ source: id }, 'watches were planned anew: the inventory changed')
  }
  return planned
}
