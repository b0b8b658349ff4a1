import { asc, eq } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Term } from '../contracts/match.ts'
import type { Db } from '../db/client.ts'
import { identifiers, settings } from '../db/schema/index.ts'
import { current } from './sync-inventory.ts'

/** The inventory as the matcher wants it, in a stable order. */
export async function currentTerms(db: Db): Promise<Term[]> {
  const rows = await db.select().from(identifiers).where(current()).orderBy(asc(identifiers.id))
  return rows.map((row) => ({
    id: String(row.id),
    form: row.form,
    kind: row.kind,
    ecosystem: row.ecosystem,
    text: row.name,
    team: row.team,
    disclose: row.disclose,
    publicOnPurpose: row.publicOnPurpose,
    near: row.near,
    where: `identifier ${row.id}`,
  }))
}

/** Digest of the inventory that was synchronised last; null before the first time. Cheap: asked before every job. */
export async function inventoryDigest(db: Db): Promise<string | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, 'inventory'))
  return row === undefined ? null : z.object({ digest: z.string() }).parse(row.value).digest
}
