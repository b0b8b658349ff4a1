import { and, asc, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { current } from './sync-inventory.ts'

/** The hosts of the inventory, by name. */
export async function listHosts(db: Db): Promise<readonly string[]> {
  const rows = await db
    .select({ name: identifiers.name })
    .from(identifiers)
    .where(and(current(), eq(identifiers.form, 'name'), eq(identifiers.kind, 'host')))
    .orderBy(asc(identifiers.name))
  return rows.map(({ name }) => name)
}
