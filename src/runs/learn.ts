import { z } from 'zod'
import type { StemFacts } from '../contracts/source.ts'
import { and, eq, gte, isNotNull, lt, ne, or, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { lessons, watches } from '../db/schema/index.ts'
import { marksAt, shouldBring } from '../planning/prove.ts'
import { keyOf, type Edge } from '../planning/words.ts'
import { believedMs, readKnowledge } from './read-knowledge.ts'

const day = 24 * 3_600_000

/** A document showed that the search reads over these marks. Called in the transaction that records the document. */
export async function recordProof(tx: Db, source: string, edges: readonly Edge[], now: Date): Promise<void> {
  const values = [...new Set(edges)].sort().map((subject) => ({ source, kind: 'edge' as const, subject, lesson: 'proven' as const, at: now }))
  if (values.length === 0) return
  await tx
    .insert(lessons)
    .values(values)
    .onConflictDoUpdate({ target: [lessons.source, lessons.kind, lessons.subject], set: { lesson: 'proven', reason: null, at: now } })
}

/**
 * Draws the lessons of runs that have ended: trials that proved nothing, and stems that did not bring a document which
 * another query brought and which has the stem in it. Such a stem is not believed any more; it fails towards more
 * requests: also a search that is only forgetful today costs its stems their place.
 */
export async function drawLessons(db: Db, source: string, facts: StemFacts, now: Date): Promise<{ readonly trialsEnded: number; readonly demoted: number }> {
  const trialsEnded = await endTrials(db, source, now)
  return { trialsEnded, demoted: await demoteStems(db, source, facts, now) }
}

async function endTrials(db: Db, source: string, now: Date): Promise<number> {
  const ended = await db
    .select({ trial: watches.trial })
    .from(watches)
    .where(and(eq(watches.source, source), isNotNull(watches.trialSince), gte(watches.ranAt, watches.trialSince)))
  const subjects = [...new Set(ended.flatMap(({ trial }) => trial))].sort()
  if (subjects.length === 0) return 0
  const reason = 'no document showed that the search reads over this mark'
  await db
    .insert(lessons)
    .values(subjects.map((subject) => ({ source, kind: 'edge' as const, subject, lesson: 'tried' as const, reason, at: now })))
    .onConflictDoUpdate({
      target: [lessons.source, lessons.kind, lessons.subject],
      set: { lesson: 'tried', reason, at: now },
      // A trial that ended well wrote so itself; what was proven stays proven until it is old.
      setWhere: or(ne(lessons.lesson, 'proven'), lt(lessons.at, new Date(now.getTime() - believedMs.proven))),
    })
  return ended.length
}

const missRows = z.array(z.object({ term: z.string(), snippet: z.string(), url: z.string() }))

/** Documents that another query brought after the stem's last complete run had begun, which did not bring them. */
async function demoteStems(db: Db, source: string, facts: StemFacts, now: Date): Promise<number> {
  const since = new Date(now.getTime() - day).toISOString()
  const rows = missRows.parse([...(await db.execute(sql`
    with stem as (
      select watch.id, watch.term, latest.id as run_id, latest.started_at
      from watches watch
      join lateral (
        select run.id, run.outcome, run.started_at from runs run
        where run.watch_id = watch.id and run.finished_at is not null order by run.finished_at desc, run.id desc limit 1
      ) latest on latest.outcome = 'complete' and latest.started_at >= ${since}::timestamptz
      where watch.source = ${source} and watch.term is not null and watch.purpose = 'cover'
        and (select count(*) from watch_covers cover where cover.watch_id = watch.id) > 1
    ), brought as (
      select sighting.document_id, run.watch_id, max(sighting.seen_at) as seen_at
      from sightings sighting join runs run on run.id = sighting.run_id join watches watch on watch.id = run.watch_id
      where watch.source = ${source} and sighting.seen_at >= ${since}::timestamptz
      group by sighting.document_id, run.watch_id
    )
    select distinct on (stem.id) stem.term, occurrence.snippet, document.url
    from stem
    join brought on brought.watch_id <> stem.id and brought.seen_at >= stem.started_at
    join documents document on document.id = brought.document_id
    join occurrences occurrence on occurrence.document_id = document.id and occurrence.status = 'live'
      and position(lower(stem.term) in lower(occurrence.snippet)) > 0
    where not exists (select from sightings own where own.document_id = document.id and own.run_id = stem.run_id)
    order by stem.id, occurrence.id`))])
  if (rows.length === 0) return 0
  const knowledge = await readKnowledge(db, source, facts, now)
  const missed = rows.filter(({ term, snippet }) => shouldBring(knowledge, term, snippet))
  const distinct = [...new Map(missed.flatMap((miss) => blame(facts, miss)).map((lesson) => [`${lesson.kind} ${lesson.subject}`, lesson])).values()]
  if (distinct.length === 0) return 0
  const written = await db
    .insert(lessons)
    .values(distinct.map((lesson) => ({ ...lesson, source, at: now })))
    .onConflictDoUpdate({ target: [lessons.source, lessons.kind, lessons.subject], set: { lesson: sql`excluded.lesson`, reason: sql`excluded.reason`, at: now } })
    .returning({ subject: lessons.subject })
  return written.length
}

/**
 * Who lost the document: the marks that were believed because a document once showed it, for all stems at once; where
 * none is involved, the stem.
 */
function blame({ separators }: StemFacts, { term, snippet, url }: z.output<typeof missRows>[number]): Pick<typeof lessons.$inferInsert, 'kind' | 'subject' | 'lesson' | 'reason'>[] {
  const reason = `a search for a stem did not bring ${url}, which another search brought`
  const marks = marksAt(snippet, term).filter((edge) => !separators.includes(edge.slice(1)))
  if (marks.length === 0) return [{ kind: 'stem', subject: keyOf(term), lesson: 'missed', reason }]
  return marks.map((subject) => ({ kind: 'edge', subject, lesson: 'tried', reason }))
}
