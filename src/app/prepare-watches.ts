import type { Inventory } from '../inventory/load.ts'
import type { Config } from '../config.ts'
import { forbidContaining } from '../claims/plan-claims.ts'
import { Invalid, type Fault } from '../errors.ts'
import { syncInventory } from '../identifiers/sync-inventory.ts'
import { initBaseline } from '../notices/baseline.ts'
import { currentTerms } from '../identifiers/current-terms.ts'
import { createAskRule } from '../planning/claims.ts'
import type { SourcePlan } from '../runs/plan-watches.ts'
import { replanSource } from '../runs/replan.ts'
import { createHash } from 'node:crypto'
import type { App } from './open.ts'

/**
 * Brings the database to what the configuration says: inventory, watches, baseline state. Every process that starts
 * sweeps does it first; it changes nothing when nothing changed. `now`: what is started at that moment or later counts
 * as a run of this plan, trials included.
 */
export async function prepareWatches(app: App, inventory: Inventory, now = app.now()): Promise<{ readonly lines: number; readonly plans: readonly SourcePlan[] }> {
  if (app.sources.size === 0) throw new Invalid(noSource(app.config))
  const digest = createHash('sha256').update(JSON.stringify(inventory.lines)).digest('hex')
  const { lines } = await syncInventory(app.database.db, { lines: inventory.lines, digest, now })
  await initBaseline(app.database.db, app.config.notify.baseline, now)
  await forbidContaining(app.database.db, createAskRule(await currentTerms(app.database.db), app.config.registries))
  const plans: SourcePlan[] = []
  for (const [id, source] of app.sources) plans.push(await replanSource(app.database.db, id, source, now))
  return { lines, plans }
}

/** "Nothing found" by a sweep that asked nobody would be a lie. */
function noSource(config: Config): Fault[] {
  const unset = config.unset.filter(({ key }) => key.startsWith('sources.')).map(({ key, variable }) => `${key} counts as absent because ${variable} is not set`)
  return [{ where: config.where, key: 'sources', expected: ['no source is configured, so nothing would be looked at', ...unset].join('; ') }]
}
