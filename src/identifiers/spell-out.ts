import { and, eq, sql } from '../db/drizzle.ts'
import type { Match } from '../contracts/match.ts'
import type { Db } from '../db/client.ts'
import { identifiers, type Origin } from '../db/schema/index.ts'
import { normalise } from '../matching/normalise.ts'
import { findDrill } from './find-drill.ts'
import { rememberIdentifiers } from './remember-identifiers.ts'

export interface Spelled {
  readonly id: bigint
  readonly name: string
  readonly publicOnPurpose: boolean
  /** `drill`: a made-up name. */
  readonly origin: Origin
}

/**
 * The identifier of a match. What a pattern matched becomes an identifier of its own, born here, with team and
 * disclosure of its pattern; unless it has the random part of a drill in it, then it is the name of that drill: a pattern
 * of another ecosystem must not make a leak of it. Uniqueness by constraint: two workers that spell out the same name get the same row.
 */
export async function spellOut(tx: Db, match: Match, now: Date): Promise<Spelled> {
  const key = normalise(match.name, match.kind, match.ecosystem)
  const identity = and(
    eq(identifiers.form, 'name'),
    eq(identifiers.kind, match.kind),
    sql`${identifiers.ecosystem} is not distinct from ${match.ecosystem}`,
    eq(identifiers.key, key),
  )
  const columns = { id: identifiers.id, name: identifiers.name, publicOnPurpose: identifiers.publicOnPurpose, origin: identifiers.origin }
  const [known] = await tx.select(columns).from(identifiers).where(identity)
  if (known !== undefined) return known
  const drill = await findDrill(tx, match.name)
  if (drill !== null) return drill
  await tx
    .insert(identifiers)
    .values({
      form: 'name',
      kind: match.kind,
      ecosystem: match.ecosystem,
      name: match.name,
      key,
      team: match.term.team,
      disclose: match.term.disclose,
      publicOnPurpose: match.term.publicOnPurpose,
      near: [],
      patternId: BigInt(match.term.id),
      createdAt: now,
    })
    .onConflictDoNothing()
  const [born] = await tx.select(columns).from(identifiers).where(identity)
  // The row is there: we inserted it, or somebody else did before us.
  if (born === undefined) throw new Error('an identifier vanished between insert and select')
  await rememberIdentifiers(tx, now, [born.id])
  return born
}
