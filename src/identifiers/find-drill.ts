import { eq, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { drills, identifiers } from '../db/schema/index.ts'
import type { Spelled } from './spell-out.ts'

/** The name of the drill, ended or not, whose random part stands in a text; null: it is of no drill. */
export async function findDrill(db: Db, text: string): Promise<Spelled | null> {
  const [row] = await db
    .select({ id: identifiers.id, name: identifiers.name, publicOnPurpose: identifiers.publicOnPurpose, origin: identifiers.origin })
    .from(drills)
    .innerJoin(identifiers, eq(identifiers.id, drills.identifierId))
    .where(sql`strpos(lower(${text}), ${drills.token}) > 0`)
    .limit(1)
  return row ?? null
}

/** The random parts of all drills. */
export async function drillTokens(db: Db): Promise<readonly string[]> {
  return (await db.select({ token: drills.token }).from(drills)).map(({ token }) => token)
}
