import { and, inArray, isNull, sql } from '../db/drizzle.ts'
import type { Line } from '../contracts/inventory.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { rowOfLine } from './row-of-line.ts'
import { lockInventory, writeDigest } from './write-digest.ts'

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 2_000

/**
 * Makes the database's inventory equal to the lines of the configuration: adds, changes, retires, and brings back
 * what was retired. Names that a pattern spelled out, lines that were accepted from inferred names, and lines that people
 * keep on the page stay untouched unless a line now names them: then they are the configuration's. Spelled out names
 * follow their pattern's rule and team. A name of a drill stays one whatever names it.
 * One transaction: a process that reads meanwhile sees the old inventory or the new one.
 */
export async function syncInventory(
  db: Db,
  input: { readonly lines: readonly Line[]; readonly digest: string; readonly now: Date },
): Promise<{ readonly lines: number; readonly added: number; readonly retired: number }> {
  const rows = input.lines.map((line) => rowOfLine(line, input.now))
  return db.transaction(async (tx) => {
    await lockInventory(tx)
    const before = await tx.select({ id: identifiers.id, origin: identifiers.origin }).from(identifiers).where(current())
    const kept = new Set<bigint>()
    for (let at = 0; at < rows.length; at += chunk) {
      const written = await tx
        .insert(identifiers)
        .values(rows.slice(at, at + chunk))
        .onConflictDoUpdate({
          target: [identifiers.form, identifiers.kind, identifiers.ecosystem, identifiers.key],
          set: {
            name: sql`excluded.name`,
            team: sql`excluded.team`,
            disclose: sql`excluded.disclose`,
            // What a person marked as public on the page stays that.
            publicOnPurpose: sql`excluded.public_on_purpose or ${identifiers.markedPublicAt} is not null`,
            near: sql`excluded.near`,
            latestVersion: sql`excluded.latest_version`,
            firstPublishedAt: sql`excluded.first_published_at`,
            place: sql`excluded.place`,
            patternId: null,
            retiredAt: null,
            origin: sql`case when ${identifiers.origin} = 'drill' then ${identifiers.origin} else excluded.origin end`,
          },
        })
        .returning({ id: identifiers.id })
      for (const row of written) kept.add(row.id)
    }
    const known = new Set(before.map((row) => row.id))
    const gone = before.filter(({ id, origin }) => origin === 'inventory' && !kept.has(id)).map(({ id }) => id)
    for (let at = 0; at < gone.length; at += chunk) {
      await tx.update(identifiers).set({ retiredAt: input.now }).where(inArray(identifiers.id, gone.slice(at, at + chunk)))
    }
    await writeDigest(tx, input.now, input.digest)
    return { lines: kept.size, added: [...kept].filter((id) => !known.has(id)).length, retired: gone.length }
  })
}

/** A line of the inventory as it stands today (not a name that a pattern spelled out). */
export function current() {
  return and(isNull(identifiers.retiredAt), isNull(identifiers.patternId))
}
