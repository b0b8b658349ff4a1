import { and, eq, isNotNull, sql } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { writeDigest } from './write-digest.ts'

export interface Marking {
  readonly identifierId: bigint
  /** Who decides: login, e-mail, user name of the shell. */
  readonly by: string
  readonly now: Date
}

/** Nobody marked it: for whoever says about a line that it is not public on purpose. */
export const unmarked = { markedPublicAt: null, markedPublicBy: null }

/**
 * A person decides that a name may be public: no place of it is news from now on. Two can say so, the configuration
 * (`publicOnPurpose`) and a person, and either is enough: a synchronisation never undoes this, only `unmarkPublic` does.
 * A name that a pattern spelled out becomes a line that is kept on the page, as one of `publicOnPurpose` becomes a line.
 * In the caller's transaction, which has locked the inventory before anything else. @throws NotFound no such name | Conflict it is public on purpose already
 */
export async function markPublic(tx: Db, { identifierId, by, now }: Marking): Promise<void> {
  const isSpelled = isNotNull(identifiers.patternId)
  const [row] = await tx
    .update(identifiers)
    .set({
      publicOnPurpose: true, markedPublicAt: now, markedPublicBy: by,
      origin: sql`case when ${isSpelled} then 'page' else ${identifiers.origin} end`,
      patternId: null,
    })
    .where(and(eq(identifiers.id, identifierId), eq(identifiers.publicOnPurpose, false)))
    .returning({ id: identifiers.id })
  if (row === undefined) throw await refusal(tx, identifierId)
  await writeDigest(tx, now)
}

/**
 * Takes a person's decision back. What the configuration says holds: a name that it calls public on purpose is that
 * again with the next synchronisation. In the caller's transaction, as above. @returns whether somebody had marked it
 */
export async function unmarkPublic(tx: Db, { identifierId, now }: Omit<Marking, 'by'>): Promise<boolean> {
  const rows = await tx
    .update(identifiers)
    .set({ publicOnPurpose: false, ...unmarked })
    .where(and(eq(identifiers.id, identifierId), isNotNull(identifiers.markedPublicAt)))
    .returning({ id: identifiers.id })
  if (rows.length === 0) return false
  await writeDigest(tx, now)
  return true
}

async function refusal(tx: Db, identifierId: bigint): Promise<Error> {
  const [found] = await tx.select({ name: identifiers.name, by: identifiers.markedPublicBy }).from(identifiers).where(eq(identifiers.id, identifierId))
  if (found === undefined) return new NotFound(`there is no identifier ${identifierId}`)
  return new Conflict(found.by === null ? 'the configuration calls this name public on purpose already: dismiss its finding with the reason public-on-purpose' : `${found.by} marked this name as public already`)
}
