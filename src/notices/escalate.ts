import { createHash } from 'node:crypto'
import { and, asc, desc, eq, inArray, lte, sql } from '../db/drizzle.ts'
import type { Escalation, Routing } from '../contracts/routing.ts'
import type { Db } from '../db/client.ts'
import { drills, findings, notices } from '../db/schema/index.ts'
import { readFacts } from './read-facts.ts'
import { takes } from './route.ts'

/** Findings looked at in one go for a rule; the next minute goes on. */
const mostAtOnce = 500

/**
 * Tells of findings that nobody has acknowledged in time to whom a rule names. Computed from the database alone, so that
 * a minute that was missed is made up for by the next. The time runs from the moment at which the finding was told (or
 * told to be back): what was told by the summary of the first sweep is not escalated. Once per finding, rule and opening,
 * by constraint. @returns notices that were born
 */
export async function escalate(db: Db, { escalate: rules, destinations }: Pick<Routing, 'escalate' | 'destinations'>, now: Date): Promise<number> {
  let born = 0
  for (const rule of rules) {
    const to = destinations.map(({ name }) => name).filter((name) => rule.to.includes(name))
    const name = nameOf(rule)
    for (const { findingId, openingKey, toldAt } of await findUnacknowledged(db, rule, to, name, now)) {
      born += await db.transaction(async (tx) => {
        const [finding] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId)).for('share')
        if (finding?.state !== 'open' || !takes(rule.when, await readFacts(tx, findingId, null))) return 0
        const rows = await tx
          .insert(notices)
          .values(to.map((channel) => ({
            channel, kind: 'escalation' as const, key: `${openingKey}.${name}`, findingId, details: { toldAt: toldAt.toISOString() }, state: 'pending' as const, createdAt: now,
          })))
          .onConflictDoNothing()
          .returning({ id: notices.id })
        return rows.length
      })
    }
  }
  return born
}

/** What makes a rule the same one, wherever it stands in the list: its time and what it takes. */
function nameOf({ afterMs, when }: Escalation): string {
  const criteria = Object.entries(when).flatMap(([key, values]) => (values === undefined ? [] : [[key, [...values].sort()] as const]))
  return createHash('sha256').update(JSON.stringify([afterMs, criteria.sort()])).digest('hex').slice(0, 16)
}

interface Opening {
  readonly findingId: bigint
  /** Key of the notice that told it last: the finding's birth, or its reopening. */
  readonly openingKey: string
  readonly toldAt: Date
}

async function findUnacknowledged(db: Db, rule: Escalation, to: readonly string[], name: string, now: Date): Promise<readonly Opening[]> {
  if (to.length === 0) return []
  const openings = db
    .selectDistinctOn([notices.findingId], { findingId: notices.findingId, openingKey: notices.key, toldAt: notices.createdAt })
    .from(notices)
    .innerJoin(findings, eq(findings.id, notices.findingId))
    .where(and(inArray(notices.kind, ['leaked', 'reopened']), eq(findings.state, 'open'), criteria(rule)))
    .orderBy(asc(notices.findingId), desc(notices.id))
    .as('openings')
  const done = sql`(select count(*) from notices e where e.finding_id = ${openings.findingId} and e.kind = 'escalation' and e.key = ${openings.openingKey} || '.' || ${name} and ${inArray(sql`e.channel`, [...to])})`
  const rows = await db
    .select()
    .from(openings)
    .where(and(lte(openings.toldAt, new Date(now.getTime() - rule.afterMs)), sql`${done} < ${to.length}`))
    .orderBy(asc(openings.toldAt), asc(openings.findingId))
    .limit(mostAtOnce)
  return rows.flatMap(({ findingId, ...row }) => (findingId === null ? [] : [{ findingId, ...row }]))
}

/** What the database can tell of the rule; the rest is judged row by row. A drill that has ended is over. */
function criteria({ when }: Escalation) {
  const ended = sql`not exists (select 1 from ${drills} d where d.identifier_id = ${findings.identifierId} and d.ended_at is not null)`
  return and(
    ended,
    when.severity === undefined ? undefined : inArray(findings.severity, [...when.severity]),
    when.team === undefined ? undefined : sql`exists (select 1 from identifiers i where i.id = ${findings.identifierId} and ${inArray(sql`i.team`, [...when.team])})`,
    when.ecosystem === undefined ? undefined : sql`exists (select 1 from identifiers i where i.id = ${findings.identifierId} and ${inArray(sql`i.ecosystem`, [...when.ecosystem])})`,
    when.source === undefined ? undefined : sql`exists (select 1 from occurrences o join documents d on d.id = o.document_id where o.finding_id = ${findings.id} and ${inArray(sql`d.source`, [...when.source])})`,
  )
}
