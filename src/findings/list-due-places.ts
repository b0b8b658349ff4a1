import { and, asc, count, eq, inArray, lte, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { documents } from '../db/schema/index.ts'

/** What is asked about a place: who brought it there and when, or whether it is still public. */
export type Question = 'attribute' | 'recheck'

export interface DuePlace {
  readonly documentId: bigint
  readonly source: string
  readonly dueAt: Date
  /** Another one after each answer, also within the same millisecond. */
  readonly turn: string
}

const progress = { attribute: documents.attributeProgress, recheck: documents.recheckProgress } as const
const dueAt = { attribute: documents.attributeDueAt, recheck: documents.recheckDueAt } as const

/** Places of one source that a question is due for, the longest waiting first. */
export async function listDuePlaces(db: Db, question: Question, source: string, options: { readonly now: Date; readonly limit: number; readonly documentId?: bigint }): Promise<readonly DuePlace[]> {
  const due = dueAt[question]
  const rows = await db
    .select({ documentId: documents.id, source: documents.source, dueAt: due, turn: sql<string>`left(md5(coalesce(${progress[question]}::text, '')), 8)` })
    .from(documents)
    .where(and(eq(documents.source, source), lte(due, options.now), options.documentId === undefined ? undefined : eq(documents.id, options.documentId)))
    .orderBy(asc(due), asc(documents.id))
    .limit(options.limit)
  return rows.flatMap((row) => (row.dueAt === null ? [] : [{ ...row, dueAt: row.dueAt }]))
}

export async function countDuePlaces(db: Db, question: Question, sources: readonly string[], now: Date): Promise<number> {
  if (sources.length === 0) return 0
  const [row] = await db.select({ due: count() }).from(documents).where(and(inArray(documents.source, [...sources]), lte(dueAt[question], now)))
  return row?.due ?? 0
}
