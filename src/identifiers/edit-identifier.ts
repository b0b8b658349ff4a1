import { createHash } from 'node:crypto'
import type { Actor } from '../trail/actor.ts'
import type { Disclosure } from '../contracts/inventory.ts'
import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { Conflict, Invalid, NotFound } from '../errors.ts'
import { keptElsewhere, spelling } from './describe-identifier.ts'
import { loosens } from './disclosure.ts'
import { unmarked } from './mark-public.ts'
import { recordChange } from './record-change.ts'

/** What a person may change about a line; absent: stays. */
export interface Settings {
  readonly team?: string | null
  readonly disclose?: Disclosure
  readonly near?: readonly string[]
  readonly publicOnPurpose?: boolean
}
import { lockInventory } from './write-digest.ts'

export interface Edit {
  readonly id: bigint
  readonly set: Settings
  /** Of the line as the person saw it; see `versionOf`. */
  readonly version: string
  /** The person knows that more may learn the name than before. */
  readonly loosen: boolean
  readonly actor: Actor
  readonly now: Date
}

type Row = typeof identifiers.$inferSelect

/** Another text after every change of the settings of a line: a lost race is a conflict and no overwriting. */
export function versionOf({ team, disclose, near, publicOnPurpose, origin, retired }: Pick<Row, 'team' | 'disclose' | 'near' | 'publicOnPurpose' | 'origin'> & { readonly retired: boolean }): string {
  return createHash('sha256').update(JSON.stringify([team, disclose, near, publicOnPurpose, origin, retired])).digest('hex').slice(0, 16)
}

/**
 * Changes the settings of a line that people keep. Names that a pattern spelled out follow their pattern's team and rule.
 * @throws NotFound | Conflict it is kept elsewhere, retired, or was changed meanwhile | Invalid it would be told to more
 *   than before, and nobody said that this is meant
 */
export async function editIdentifier(db: Db, { id, set, version, loosen, actor, now }: Edit): Promise<void> {
  await db.transaction(async (tx) => {
    await lockInventory(tx)
    const row = await lockLine(tx, id)
    if (versionOf({ ...row, retired: row.retiredAt !== null }) !== version) throw new Conflict('somebody changed this line meanwhile: look at it again')
    const after = { team: set.team === undefined ? row.team : set.team, disclose: set.disclose ?? row.disclose, near: set.near ?? row.near, publicOnPurpose: set.publicOnPurpose ?? row.publicOnPurpose }
    if (after.near.length > 0 && row.kind !== 'codename') throw new Invalid([{ where: 'inventory', key: 'near', expected: 'only a codename is looked for near other words' }])
    if (loosens(row.disclose, after.disclose) && !loosen) {
      throw new Invalid([{ where: 'inventory', key: 'disclose', value: after.disclose, expected: `the line says "${row.disclose}" now; confirm that more may learn the name` }])
    }
    await tx.update(identifiers).set({ ...after, ...(after.publicOnPurpose ? {} : unmarked) }).where(eq(identifiers.id, id))
    await recordChange(tx, { actor, now, verb: 'identifier-edited', subject: { kind: 'identifier', name: spelling(row) }, facts: { id: String(id), ...changes(row, after) } })
  })
}

/** Only what changed, before and after. */
function changes(before: Row, after: Required<Settings>): Record<string, string | boolean | null> {
  const facts: Record<string, string | boolean | null> = {}
  for (const key of ['team', 'disclose', 'publicOnPurpose'] as const) {
    if (before[key] !== after[key]) Object.assign(facts, { [`${key} before`]: before[key], [key]: after[key] })
  }
  if (before.near.join('|') !== after.near.join('|')) Object.assign(facts, { 'near before': before.near.join(', '), near: after.near.join(', ') })
  return facts
}

/** The line, held until the end of the transaction. @throws NotFound | Conflict it is retired, or kept elsewhere */
export async function lockLine(tx: Db, id: bigint): Promise<Row> {
  const [row] = await tx.select().from(identifiers).where(eq(identifiers.id, id)).for('update')
  if (row === undefined) throw new NotFound(`there is no identifier ${id}`)
  if (row.retiredAt !== null) throw new Conflict('this line was retired; add the name again to bring it back')
  const elsewhere = keptElsewhere(row)
  if (elsewhere !== null) throw new Conflict(`this line is not changed on the page: ${elsewhere}`)
  return row
}
