import { sql, type SQL } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings } from '../db/schema/index.ts'
import { askedWords, type AskedWord } from './words.ts'

/** Findings that a question may have and still be rare: their ids are handed over instead of looked up again. */
const rare = 2_000

/**
 * The condition that all words of a question hold for a finding, for whoever walks the inbox in its order and stops
 * early. Null: there is nothing to look for. What is rare is looked up; of what is common each finding is asked, which
 * ends soon, since it is common.
 */
export async function searchToWalk(db: Db, question: string | undefined): Promise<SQL | null> {
  // A scalar subquery: a join would be planned by how rare a beginning of a word is, of which the planner knows nothing.
  return search(db, question, (words) => sql`coalesce((select ${allIn(words)} from finding_words where finding_id = ${findings.id}), false)`)
}

/**
 * The same for whoever looks at all findings. `is true` keeps the planner from making a join of it, which costs a third
 * more: it looks each finding up in one table of hashes, that must fit into `work_mem`.
 */
export async function searchAll(db: Db, question: string | undefined): Promise<SQL | null> {
  return search(db, question, (words) => sql`(${findings.id} in (${idsWith(words)})) is true`)
}

async function search(db: Db, question: string | undefined, areCommon: (words: readonly AskedWord[]) => SQL): Promise<SQL | null> {
  const words = askedWords(question ?? '')
  // Something was asked for, and it has no word: nothing can be found by it.
  if (words.length === 0) return (question ?? '').trim() === '' ? null : sql`false`
  const [found] = await db.execute<{ count: number, ids: string }>(sql`
    select count(*)::int as count, coalesce(array_agg(finding_id), '{}')::text as ids from (${idsWith(words)} limit ${rare + 1}) found`)
  if (found === undefined || found.count > rare) return areCommon(words)
  return sql`${findings.id} = any(${found.ids}::bigint[])`
}

/**
 * The findings that have all words, some of them twice. The index answers for those whose words are in one row, as those
 * of nearly all are; the few others are read.
 */
function idsWith(words: readonly AskedWord[]): SQL {
  const inOneRow = sql`select finding_id from finding_words where words @@ ${queryOf(words)}`
  if (words.length === 1) return inOneRow
  return sql`${inOneRow} union all
    select finding_id from finding_words where finding_id in (select finding_id from finding_words where part > 0)
    group by finding_id having ${allIn(words)}`
}

/** Of the rows of one finding: each word is in one of them. */
function allIn(words: readonly AskedWord[]): SQL {
  return sql.join(words.map((word) => sql`bool_or(words @@ ${queryOf([word])})`), sql` and `)
}

/** Words are letters and digits only: nothing in them means anything to a query. */
function queryOf(words: readonly AskedWord[]): SQL {
  return sql`${words.map(({ word, isBeginning }) => `'${word}'${isBeginning ? ':*' : ''}`).join(' & ')}::tsquery`
}
