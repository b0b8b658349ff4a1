import { createHash } from 'node:crypto'
import type { Disclosure, Line } from '../contracts/inventory.ts'
import { eq, inArray, isNull, and } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { identifiers, isCounted } from '../db/schema/index.ts'
import { Conflict, Invalid } from '../errors.ts'
import type { Actor } from '../trail/actor.ts'
import { insertLines } from './add-identifier.ts'
import { currentTerms } from './current-terms.ts'
import { keptElsewhere, spelling } from './describe-identifier.ts'
import { createCoveringRule, loosens } from './disclosure.ts'
import { unmarked } from './mark-public.ts'
import { recordChange } from './record-change.ts'
import { identityOfRow, keyOfLine } from './row-of-line.ts'
import { lockInventory } from './write-digest.ts'

/** A list that somebody hands in, understood. */
export interface GivenList {
  /** Its file name, for people. */
  readonly file: string
  readonly lines: readonly Line[]
  /** `where` of lines that say themselves who may learn the name. */
  readonly stated: ReadonlySet<string>
  /** The list is all that people keep on the page: what it lacks is retired. */
  readonly retireMissing: boolean
}

type Settled = Pick<Line, 'team' | 'disclose' | 'publicOnPurpose' | 'near'>

export interface ListDiff {
  readonly added: readonly { readonly line: Line; readonly loosens: boolean }[]
  readonly changed: readonly { readonly id: string; readonly line: Line; readonly before: Settled; readonly loosens: boolean }[]
  readonly retired: readonly { readonly id: string; readonly name: string }[]
  /** Lines whose settings differ from those of the same name, which is kept elsewhere: they stay as they are. */
  readonly refused: readonly { readonly line: Line; readonly why: string }[]
  readonly unchanged: number
  /** Of all that would be done, and what it would be done to. */
  readonly digest: string
}

type Row = typeof identifiers.$inferSelect

/** What an import of a list would do, by the inventory as it stands. Writes nothing. */
export async function compareList(db: Db, { lines, stated, retireMissing }: GivenList): Promise<ListDiff> {
  const rows = await db.select().from(identifiers).where(and(isNull(identifiers.retiredAt), isNull(identifiers.patternId), isCounted))
  const current = new Map(rows.map((row) => [identityOfRow(row), row]))
  const covering = createCoveringRule([...await currentTerms(db), ...lines])
  const seen = new Set<string>()
  const added: ListDiff['added'][number][] = []
  const changed: ListDiff['changed'][number][] = []
  const refused: ListDiff['refused'][number][] = []
  let unchanged = 0
  for (const written of lines) {
    const identity = identityOfRow({ ...written, key: keyOfLine(written) })
    const row = current.get(identity)
    seen.add(identity)
    if (row === undefined) {
      const rule = covering(written)
      const line = rule !== null && !stated.has(written.where) ? { ...written, disclose: rule } : written
      added.push({ line, loosens: loosens(rule, line.disclose) })
      continue
    }
    // A list that says nothing about disclosure changes nothing about it.
    const line = stated.has(written.where) ? written : { ...written, disclose: row.disclose }
    if (sameSettings(row, line)) unchanged += 1
    else if (keptElsewhere(row) !== null) refused.push({ line, why: keptElsewhere(row) ?? '' })
    else changed.push({ id: String(row.id), line, before: settingsOf(row), loosens: loosens(row.disclose, line.disclose) })
  }
  const retired = retireMissing ? rows.filter((row) => row.origin === 'page' && !seen.has(identityOfRow(row))).map((row) => ({ id: String(row.id), name: spelling(row) })) : []
  const diff = { added, changed, retired, refused, unchanged }
  return { ...diff, digest: createHash('sha256').update(JSON.stringify(diff)).digest('hex') }
}

export interface Import {
  readonly list: GivenList
  /** Of the diff that the person saw. */
  readonly digest: string
  /** The person knows that it lets more learn some names than before. */
  readonly loosen: boolean
  readonly actor: Actor
  readonly now: Date
}

/**
 * Does what was shown, all of it or nothing.
 * @throws Conflict the inventory changed since, so that something else would be done | Invalid it would let more learn a
 *   name than before, and nobody said that this is meant
 */
export async function importIdentifiers(db: Db, { list, digest, loosen, actor, now }: Import): Promise<ListDiff> {
  return db.transaction(async (tx) => {
    await lockInventory(tx)
    const diff = await compareList(tx, list)
    if (diff.digest !== digest) throw new Conflict('the inventory changed since this was shown: look at what would be done now')
    const loosened = [...diff.added, ...diff.changed].filter((one) => one.loosens).length
    if (loosened > 0 && !loosen) {
      throw new Invalid([{ where: list.file, key: 'disclose', expected: `${loosened === 1 ? 'one name' : `${loosened} names`} could be learnt by more than before; confirm that this is meant` }])
    }
    const added = await insertLines(tx, diff.added.map(({ line }) => line), now)
    if (added.length < diff.added.length) throw new Conflict('the inventory changed since this was shown: look at what would be done now')
    for (const { id, line } of diff.changed) await tx.update(identifiers).set({ ...settingsOf(line), ...factsOf(line), ...(line.publicOnPurpose ? {} : unmarked) }).where(eq(identifiers.id, BigInt(id)))
    if (diff.retired.length > 0) {
      await tx.update(identifiers).set({ retiredAt: now }).where(inArray(identifiers.id, diff.retired.map(({ id }) => BigInt(id))))
    }
    await recordChange(tx, {
      actor, now, verb: 'inventory-imported', subject: { kind: 'import', name: list.file },
      facts: { added: diff.added.length, changed: diff.changed.length, retired: diff.retired.length, unchanged: diff.unchanged, loosened },
    })
    return diff
  })
}

function settingsOf({ team, disclose, publicOnPurpose, near }: Settled & { readonly disclose: Disclosure }): Settled {
  return { team, disclose, publicOnPurpose, near }
}

/** A list that says nothing about our registry's versions leaves what is known. */
function factsOf({ latestVersion, firstPublishedAt }: Line): { readonly latestVersion?: string; readonly firstPublishedAt?: Date } {
  return {
    ...(latestVersion === undefined || latestVersion === null ? {} : { latestVersion }),
    ...(firstPublishedAt === undefined || firstPublishedAt === null ? {} : { firstPublishedAt: new Date(firstPublishedAt) }),
  }
}

function sameSettings(row: Row, line: Line): boolean {
  const facts = factsOf(line)
  return row.team === line.team && row.disclose === line.disclose && row.publicOnPurpose === line.publicOnPurpose
    && row.near.join('\n') === line.near.join('\n')
    && (facts.latestVersion === undefined || facts.latestVersion === row.latestVersion)
    && (facts.firstPublishedAt === undefined || facts.firstPublishedAt.getTime() === row.firstPublishedAt?.getTime())
}
