import { sql, type SQL } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings } from '../db/schema/index.ts'
import { askedWords, type AskedWord } from './words.ts'

/** Findings that a word may have and still be rare: their ids are handed over instead of looked up again. */
const rare = 5_000

/**
 * The condition that all words of a question hold for a finding, for whoever walks the inbox in its order and stops
 * early. Null: there is nothing to look for. Rare words decide alone which findings are looked at; only when all are
 * common is each finding asked, which ends soon, since they are common.
 */
export async function searchToWalk(db: Db, question: string | undefined): Promise<SQL | null> {
  return search(db, question, probe)
}

/** The same for whoever looks at all findings. */
export async function searchAll(db: Db, question: string | undefined): Promise<SQL | null> {
  return search(db, question, (word) => sql`${findings.id} in (select has.finding_id from finding_words has where has.words @@ ${queryOf(word)})`)
}

/** A scalar subquery: a join would be planned by how rare a beginning of a word is, of which the planner knows nothing. */
function probe(word: AskedWord): SQL {
  return sql`coalesce((select bool_or(has.words @@ ${queryOf(word)}) from finding_words has where has.finding_id = ${findings.id}), false)`
}

async function search(db: Db, question: string | undefined, isCommonAnd: (word: AskedWord) => SQL): Promise<SQL | null> {
  const words = askedWords(question ?? '')
  // Something was asked for, and it has no word: nothing can be found by it.
  if (words.length === 0) return (question ?? '').trim() === '' ? null : sql`false`
  const common: AskedWord[] = []
  let rarest: readonly bigint[] | null = null
  for (const word of words) {
    const ids = await idsOf(db, word)
    if (ids === null) common.push(word)
    else rarest = rarest === null ? [...ids] : rarest.filter((id) => ids.has(id))
    if (rarest?.length === 0) return sql`false`
  }
  if (rarest === null) return sql.join(common.map(isCommonAnd), sql` and `)
  return sql.join([sql`${findings.id} = any(${`{${rarest.join(',')}}`}::bigint[])`, ...common.map(probe)], sql` and `)
}

/** The findings that have it; null: too many. */
async function idsOf(db: Db, word: AskedWord): Promise<ReadonlySet<bigint> | null> {
  const rows = await db.execute<{ id: bigint }>(sql`select finding_id as id from finding_words where words @@ ${queryOf(word)} limit ${rare + 1}`)
  return rows.length > rare ? null : new Set(rows.map(({ id }) => id))
}

/** Words are letters and digits only: nothing in them means anything to a query. */
function queryOf({ word, isBeginning }: AskedWord): SQL {
  return sql`${`'${word}'${isBeginning ? ':*' : ''}`}::tsquery`
}
