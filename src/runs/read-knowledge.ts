import { and, desc, eq, gte, isNotNull, ne } from '../db/drizzle.ts'
import type { StemFacts } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import { lessons, watches } from '../db/schema/index.ts'
import type { Knowledge } from '../planning/knowledge.ts'
import { keyOf, readEdge, type Edge } from '../planning/words.ts'

const day = 24 * 3_600_000
/** A remote may change: what was learnt is believed for so long, then tried again. */
export const believedMs = { proven: 90 * day, tried: 7 * day, missed: 7 * day, counted: 30 * day } as const

/** What past runs taught about a source, for the planner. */
export async function readKnowledge(db: Db, source: string, facts: StemFacts | null, now: Date): Promise<Knowledge> {
  const known = await db.select().from(lessons).where(eq(lessons.source, source))
  const fresh = known.filter(({ lesson, at }) => now.getTime() - at.getTime() < believedMs[lesson])
  const edges = new Map<Edge, 'proven' | 'tried'>()
  const demoted = new Set<string>()
  for (const { kind, subject, lesson } of fresh) {
    const edge = kind === 'edge' ? readEdge(subject) : null
    if (edge !== null && lesson !== 'missed') edges.set(edge, lesson)
    if (kind === 'stem' && lesson === 'missed') demoted.add(subject)
  }
  return { facts, edges, demoted, counted: await readCounts(db, source, now) }
}

async function readCounts(db: Db, source: string, now: Date): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .select({ term: watches.term, counted: watches.counted })
    .from(watches)
    .where(and(eq(watches.source, source), isNotNull(watches.term), isNotNull(watches.counted), gte(watches.ranAt, new Date(now.getTime() - believedMs.counted))))
    .orderBy(desc(watches.ranAt))
  const counted = new Map<string, number>()
  for (const { term, counted: results } of rows) {
    const key = keyOf(term ?? '')
    if (results !== null && !counted.has(key)) counted.set(key, results)
  }
  return counted
}

export interface Doubt {
  /** `>-`: names in which a hyphen stands behind a stem. Or a stem. */
  readonly subject: string
  readonly kind: 'edge' | 'stem'
  readonly reason: string
  readonly at: Date
}

/** What the planner does not believe any more or for now, so that names are searched one by one; for people. */
export async function listDoubts(db: Db, source: string, now: Date): Promise<readonly Doubt[]> {
  const rows = await db.select().from(lessons).where(and(eq(lessons.source, source), ne(lessons.lesson, 'proven'))).orderBy(lessons.kind, lessons.subject)
  return rows
    .filter(({ lesson, at }) => now.getTime() - at.getTime() < believedMs[lesson])
    .map(({ subject, kind, reason, at }) => ({ subject, kind, reason: reason ?? '', at }))
}
