import type { Config } from '../config.ts'
import { loadInventory, type Inventory } from '../inventory/load.ts'
import { compile } from '../matching/compile.ts'
import { normalise } from '../matching/normalise.ts'

/** Reads the inventory of a configuration and proves its examples. @throws Invalid with every fault */
export function readInventory(config: Config): Promise<Inventory> {
  return loadInventory({ config, compile, normalise })
}
