import { randomInt } from 'node:crypto'
import type { Ecosystem } from '../contracts/inventory.ts'
import { endDrill } from '../drills/end-drill.ts'
import { nameCanary, type Canary } from '../drills/name-canary.ts'
import { startDrill } from '../drills/start-drill.ts'
import { replanSource } from '../runs/replan.ts'
import type { App, Store } from './open.ts'
import { readInventory } from './read-inventory.ts'

/** What a drill needs of a process: the database, and the sources that are to look for the name. */
export type DrillHost = Pick<Store, 'config' | 'database' | 'now'> & Pick<App, 'sources'>

export interface DrillWish {
  readonly ecosystem?: Ecosystem
  /** Beginning of the name; absent: derived from the inventory. */
  readonly name?: string
  readonly findWithinSeconds: number
  readonly acknowledgeWithinSeconds: number
  readonly by: string
}

/** Starts a drill and has every source plan for its name, so that a service that runs already looks for it. @throws Invalid */
export async function beginDrill(host: DrillHost, wish: DrillWish): Promise<{ readonly drillId: bigint; readonly canary: Canary }> {
  const { lines } = await readInventory(host.config)
  const { ecosystem, name, findWithinSeconds, acknowledgeWithinSeconds, by } = wish
  const canary = nameCanary({
    lines, organization: host.config.organization, random: (bound) => randomInt(bound),
    ...(ecosystem === undefined ? {} : { ecosystem }), ...(name === undefined ? {} : { name }),
  })
  const drillId = await startDrill(host.database.db, { canary, findWithinSeconds, acknowledgeWithinSeconds, by, now: host.now() })
  await replan(host)
  return { drillId, canary }
}

/** Ends a drill; its name is in no query any more. @throws NotFound | Conflict */
export async function finishDrill(host: DrillHost, drillId: bigint): Promise<void> {
  await endDrill(host.database.db, { drillId, now: host.now() })
  await replan(host)
}

async function replan({ database, sources, now }: DrillHost): Promise<void> {
  for (const [id, source] of sources) await replanSource(database.db, id, source, now())
}
