import { and, asc, count, countDistinct, desc, eq, exists, inArray, ne, or, sql, type SQL } from '../db/drizzle.ts'
import type { Notice, NoticeChange, NoticeClaim, NoticeFinding, NoticePlace, NoticeStanding } from '../contracts/notifier.ts'
import { roles } from '../contracts/match.ts'
import type { Db } from '../db/client.ts'
import { registries } from '../registries/all.ts'
import { accounts, claimEvents, claims, documents, events, findings, identifiers, isCounted, notices, occurrences, severities } from '../db/schema/index.ts'
import { changeOf } from './announce-change.ts'
import { listGaps } from './list-gaps.ts'
import { stormAttempt } from './list-due.ts'
import type { NoticeRow } from './take-pending.ts'

/** As many as the contract promises of a summary, and places enough for every form of a message. */
const findingsShown = 20
const placesShown = 5

/**
 * What the rows of one message say, as it stands now: a notice that waited tells what is known when it is sent.
 * @param page address of the page, for messages that show only a part
 * @param rows one row of any kind but `refresh`, many alerts at once, the `place` rows of a digest, or the `changed` rows of a finding
 */
export async function compose(db: Db, rows: readonly NoticeRow[], organization: string, page: string | null = null): Promise<Notice> {
  const [first] = rows
  if (first === undefined) throw new Error('nothing to compose a notice from')
  if (rows.length > 1 && first.attempt?.startsWith(stormAttempt) === true) return composeStorm(db, rows, organization, page)
  if (first.kind === 'place') return composeDigest(db, rows, organization)
  if (first.kind === 'baseline') return composeBaseline(db, first, organization)
  if (first.kind === 'changed') return composeChanged(db, rows, organization)
  if (first.kind === 'refresh') throw new Error('a refresh shows the notice that its message was composed from')
  if (first.kind === 'claim') return composeClaim(db, first, organization)
  if (first.kind === 'operator') return composeOperator(db, first, organization)
  return composeFinding(db, { ...first, kind: first.kind }, organization)
}

async function composeFinding(db: Db, row: NoticeRow & { readonly kind: 'leaked' | 'reopened' | 'escalation' }, organization: string): Promise<Notice> {
  if (row.findingId === null) throw new Error(`a notice of the kind ${row.kind} names no finding`)
  const which = row.occurrenceId === null ? known : or(known, eq(occurrences.id, row.occurrenceId))
  // The place that made the news comes first, whatever is worse elsewhere.
  const [finding] = await loadFindings(db, { findings: eq(findings.id, row.findingId), places: which, first: row.occurrenceId })
  if (finding === undefined) throw new Error('the finding of a notice is missing')
  const told = { id: String(row.id), organization, finding }
  if (row.kind !== 'escalation') return { kind: row.kind, ...told }
  return { kind: row.kind, ...told, toldAt: row.details.toldAt === undefined ? row.createdAt : new Date(row.details.toldAt) }
}

/** Every finding that the rows are about, once; names without a finding (claims of what is not public) are not in the table, but are counted. */
async function composeStorm(db: Db, rows: readonly NoticeRow[], organization: string, page: string | null): Promise<Notice> {
  const ids = [...new Set(rows.flatMap(({ findingId }) => (findingId === null ? [] : [findingId])))]
  const unfound = await Promise.all(rows.filter(({ findingId }) => findingId === null).slice(0, findingsShown).map((row) => composeClaim(db, row, organization)))
  const named = unfound.flatMap((notice) => ('finding' in notice ? [notice.finding] : []))
  const found = ids.length === 0 ? [] : await loadFindings(db, { findings: inArray(findings.id, ids), places: known, first: null })
  const [places] = ids.length === 0 ? [] : await db.select({ total: count() }).from(occurrences).where(and(known, inArray(occurrences.findingId, ids)))
  const alerts = { leaked: 0, reopened: 0, claim: 0, escalation: 0 }
  for (const { kind } of rows) if (kind in alerts) alerts[kind as keyof typeof alerts] += 1 // checked by `in`
  return {
    kind: 'storm',
    id: idOfRows(rows),
    organization,
    findings: [...named, ...found].slice(0, findingsShown),
    findingCount: ids.length + rows.filter(({ findingId }) => findingId === null).length,
    placeCount: places?.total ?? 0,
    alerts,
    page,
  }
}

async function composeOperator(db: Db, row: NoticeRow, organization: string): Promise<Notice> {
  const { operator } = row.details
  if (operator === undefined) throw new Error('word for the operator says nothing')
  const [untold] = await db.select({ total: count() }).from(notices).where(and(eq(notices.channel, operator.about), ne(notices.state, 'delivered')))
  return { kind: 'operator', id: String(row.id), organization, ...operator, since: new Date(operator.since), untold: untold?.total ?? 0 }
}

/** What the registry told is the event's; what is known of the name is as it stands now. */
async function composeClaim(db: Db, row: NoticeRow, organization: string): Promise<Notice> {
  if (row.claimEventId === null) throw new Error('a notice of a claim names no event')
  const [told] = await db
    .select({ event: claimEvents, registry: claims.registry, identifier: identifiers })
    .from(claimEvents)
    .innerJoin(claims, eq(claims.id, claimEvents.claimId))
    .innerJoin(identifiers, eq(identifiers.id, claims.identifierId))
    .where(eq(claimEvents.id, row.claimEventId))
  if (told === undefined || told.event.news === null) throw new Error('the event of a notice is missing, or no news')
  const { event, registry, identifier } = told
  const found = row.findingId === null ? [] : await loadFindings(db, { findings: eq(findings.id, row.findingId), places: known, first: null })
  const unfound: NoticeFinding = {
    drill: identifier.origin === 'drill', id: '', identifier: identifier.name, kind: identifier.kind, ecosystem: identifier.ecosystem, team: identifier.team,
    severity: 'critical', reasons: [], places: [], placeCount: 0, claims: [], standing: null,
  }
  return { kind: 'claim', news: told.event.news, id: String(row.id), organization, finding: found[0] ?? unfound, claim: describeClaim({ ...event, registry, toldAt: event.at }) }
}

/** The rows of one finding, a change each, in the order in which they happened. */
async function composeChanged(db: Db, rows: readonly NoticeRow[], organization: string): Promise<Notice> {
  const [first] = rows
  if (first === undefined || first.findingId === null) throw new Error('a notice of the kind changed names no finding')
  const [finding] = await loadFindings(db, { findings: eq(findings.id, first.findingId), places: known, first: null })
  if (finding === undefined) throw new Error('the finding of a notice is missing')
  const changes = [...(await loadEventChanges(db, rows)), ...(await loadClaimChanges(db, rows))].sort((a, b) => a.at.getTime() - b.at.getTime())
  return { kind: 'changed', id: idOfRows(rows), organization, finding, changes }
}

async function loadEventChanges(db: Db, rows: readonly NoticeRow[]): Promise<NoticeChange[]> {
  const ids = rows.flatMap(({ eventId }) => (eventId === null ? [] : [eventId]))
  if (ids.length === 0) return []
  const told = await db.select().from(events).where(inArray(events.id, ids)).orderBy(asc(events.id))
  const placeIds = told.flatMap(({ facts: { occurrenceId } }) => (typeof occurrenceId === 'string' && /^\d{1,18}$/.test(occurrenceId) ? [BigInt(occurrenceId)] : []))
  const places = placeIds.length === 0 ? [] : await db
    .select({ place: occurrences, document: documents })
    .from(occurrences)
    .innerJoin(documents, eq(occurrences.documentId, documents.id))
    .where(inArray(occurrences.id, placeIds))
  const placeOf = new Map(places.map(({ place, document }) => [String(place.id), describePlace(place, document)]))
  return told.flatMap((event) => {
    const what = changeOf(event)
    if (what === null) return []
    const place = what === 'place' || what === 'gone' ? (placeOf.get(String(event.facts['occurrenceId'])) ?? null) : null
    const reason = what === 'assigned' ? toWhom(event.facts) : event.reason
    return [{ what, by: event.actorKind === 'system' ? null : event.actor, at: event.at, reason, place, claim: null }]
  })
}

function toWhom({ assignee }: typeof events.$inferSelect.facts): string {
  return typeof assignee === 'string' ? `to ${assignee}` : 'to nobody'
}

async function loadClaimChanges(db: Db, rows: readonly NoticeRow[]): Promise<NoticeChange[]> {
  const ids = rows.flatMap(({ claimEventId }) => (claimEventId === null ? [] : [claimEventId]))
  if (ids.length === 0) return []
  const told = await db
    .select({ event: claimEvents, registry: claims.registry })
    .from(claimEvents)
    .innerJoin(claims, eq(claims.id, claimEvents.claimId))
    .where(inArray(claimEvents.id, ids))
    .orderBy(asc(claimEvents.id))
  return told.map(({ event, registry }) => ({
    what: 'claim', by: null, at: event.at, reason: null, place: null, claim: describeClaim({ ...event, registry, toldAt: event.at }),
  }))
}

/** `12`, or `12-15`: the same for the same rows, so that a message can be recognised. */
export function idOfRows(rows: readonly NoticeRow[]): string {
  const [first] = rows
  const last = rows.at(-1)
  return first === undefined || last === undefined || first.id === last.id ? String(first?.id) : `${first.id}-${last.id}`
}

function describeClaim({ registry, state, claimable, why, facts, signals, toldAt }: Pick<typeof claims.$inferSelect, 'registry' | 'state' | 'claimable' | 'why' | 'facts' | 'signals'> & { readonly toldAt: Date }): NoticeClaim {
  const time = (text: string | null | undefined) => (text === null || text === undefined ? null : new Date(text))
  return {
    registry: registries.find(({ id }) => id === registry)?.title ?? registry, state, claimable, why, toldAt,
    version: facts?.version ?? null,
    versionCount: facts?.versionCount ?? null,
    firstPublishedAt: time(facts?.firstPublishedAt),
    publishedAt: time(facts?.publishedAt),
    publishers: facts?.publishers ?? [],
    installTimeCode: facts?.installTimeCode ?? null,
    signals: signals.map(({ reason }) => reason),
  }
}

/** Everything recorded so far but drills, settled or not: somebody who triaged during the first sweep reads one name too many. */
async function composeBaseline(db: Db, row: NoticeRow, organization: string): Promise<Notice> {
  const ours = inArray(findings.identifierId, db.select({ id: identifiers.id }).from(identifiers).where(isCounted))
  const [findingTotal] = await db.select({ total: count() }).from(findings).where(ours)
  const [placeTotal] = await db.select({ total: count() }).from(occurrences).innerJoin(findings, eq(findings.id, occurrences.findingId)).where(and(known, ours))
  return {
    kind: 'baseline',
    id: String(row.id),
    organization,
    findings: await loadFindings(db, { findings: ours, places: known, first: null }),
    findingCount: findingTotal?.total ?? 0,
    placeCount: placeTotal?.total ?? 0,
    gaps: await listGaps(db),
  }
}

/** The places of the rows; a place that was queued twice counts once. */
async function composeDigest(db: Db, rows: readonly NoticeRow[], organization: string): Promise<Notice> {
  const ids = rows.map(({ id }) => id)
  const told = and(inArray(notices.id, ids), eq(notices.occurrenceId, occurrences.id))
  const which = exists(db.select({ id: notices.id }).from(notices).where(told))
  const [totals] = await db
    .select({ findings: countDistinct(notices.findingId), places: countDistinct(notices.occurrenceId) })
    .from(notices)
    .where(inArray(notices.id, ids))
  const ofRows = exists(db.select({ id: notices.id }).from(notices).where(and(inArray(notices.id, ids), eq(notices.findingId, findings.id))))
  return {
    kind: 'digest',
    id: idOfRows(rows),
    organization,
    findings: await loadFindings(db, { findings: ofRows, places: which, first: null }),
    findingCount: totals?.findings ?? 0,
    placeCount: totals?.places ?? 0,
    gaps: await listGaps(db),
  }
}

/** A place that was seen gone is not public any more; in a history, or where we could not tell, it still is. */
const known = ne(occurrences.status, 'gone')

interface Wanted {
  /** Absent: all. */
  readonly findings?: SQL | undefined
  /** Which places of them are shown. */
  readonly places: SQL | undefined
  /** The place that is shown first. */
  readonly first: bigint | null
}

/** The worst first, at most 20, each with its best places; `placeCount` counts what is known, not what is shown. */
async function loadFindings(db: Db, wanted: Wanted): Promise<NoticeFinding[]> {
  const rows = await db
    .select({ finding: findings, identifier: identifiers, assignee: accounts.email })
    .from(findings)
    .innerJoin(identifiers, eq(findings.identifierId, identifiers.id))
    .leftJoin(accounts, eq(accounts.id, findings.assignee))
    .where(wanted.findings)
    .orderBy(rank(severities, findings.severity), asc(findings.firstSeenAt), asc(findings.id))
    .limit(findingsShown)
  const ids = rows.map(({ finding }) => finding.id)
  const places = await loadPlaces(db, ids, wanted)
  const counts = await countPlaces(db, ids, wanted.first)
  const claimed = await loadClaims(db, rows.map(({ identifier }) => identifier.id))
  const deciders = await loadDecisions(db, ids)
  return rows.map(({ finding, identifier, assignee }) => ({
    drill: identifier.origin === 'drill',
    id: String(finding.id),
    identifier: identifier.name,
    kind: identifier.kind,
    ecosystem: identifier.ecosystem,
    team: identifier.team,
    severity: finding.severity,
    firstSeenAt: finding.firstSeenAt,
    ...(finding.publicSinceIsLowerBound ? {} : { publicSince: finding.publicSince }),
    reasons: finding.reasons,
    places: places.get(finding.id) ?? [],
    placeCount: counts.get(finding.id) ?? 0,
    claims: claimed.get(identifier.id) ?? [],
    standing: standingOf(finding, assignee, deciders.get(finding.id) ?? null),
  }))
}

interface Decision {
  readonly by: string
  readonly at: Date
}

function standingOf(finding: typeof findings.$inferSelect, assignee: string | null, decision: Decision | null): NoticeStanding {
  return {
    state: finding.state,
    by: decision?.by ?? null,
    at: decision?.at ?? null,
    reason: finding.dismissedReason,
    proposed: finding.proposedReason,
    assignee,
  }
}

/** Who brought each finding into the state it is in: the last event that changed a state. */
async function loadDecisions(db: Db, findingIds: readonly bigint[]): Promise<Map<bigint, Decision>> {
  if (findingIds.length === 0) return new Map()
  const rows = await db
    .selectDistinctOn([events.findingId], { findingId: events.findingId, by: events.actor, at: events.at })
    .from(events)
    .where(and(inArray(events.findingId, [...findingIds]), inArray(events.verb, ['acknowledged', 'resolved', 'dismissed', 'reopened'])))
    .orderBy(events.findingId, desc(events.id))
  return new Map(rows.map(({ findingId, by, at }) => [findingId, { by, at }]))
}

async function loadClaims(db: Db, identifierIds: readonly bigint[]): Promise<Map<bigint, NoticeClaim[]>> {
  if (identifierIds.length === 0) return new Map()
  const rows = await db.select().from(claims).where(inArray(claims.identifierId, [...identifierIds])).orderBy(asc(claims.registry))
  const told = rows.flatMap((row) => (row.toldAt === null ? [] : [{ ...row, toldAt: row.toldAt }]))
  return new Map([...Map.groupBy(told, ({ identifierId }) => identifierId)].map(([id, group]) => [id, group.map(describeClaim)]))
}

/**
 * Up to five places of each finding: live ones before others, what weighs more before what weighs less, and different
 * contents before copies of one (forks would crowd out the rest).
 */
async function loadPlaces(db: Db, findingIds: readonly bigint[], wanted: Wanted): Promise<Map<bigint, NoticePlace[]>> {
  if (findingIds.length === 0) return new Map()
  const order = sql`${occurrences.id} is not distinct from ${wanted.first}::bigint desc,
    ${rank(['live', 'unknown', 'gone-from-head', 'gone'], occurrences.status)}, ${rank(roles, occurrences.role)},
    ${occurrences.firstSeenAt}, ${occurrences.id}`
  const copies = db.$with('copies').as(
    db
      .select({
        id: occurrences.id,
        copy: sql<number>`row_number() over (partition by ${occurrences.findingId}, ${occurrences.contentHash} order by ${order})`.as('copy'),
      })
      .from(occurrences)
      .where(and(inArray(occurrences.findingId, [...findingIds]), wanted.places)),
  )
  const ranked = db.$with('ranked').as(
    db
      .select({
        id: sql<bigint>`${copies.id}`.as('ranked_id'),
        position: sql<number>`row_number() over (partition by ${occurrences.findingId} order by ${copies.copy}, ${order})`.as('position'),
      })
      .from(copies)
      .innerJoin(occurrences, eq(occurrences.id, copies.id)),
  )
  const rows = await db
    .with(copies, ranked)
    .select({ place: occurrences, document: documents })
    .from(ranked)
    .innerJoin(occurrences, eq(occurrences.id, ranked.id))
    .innerJoin(documents, eq(occurrences.documentId, documents.id))
    .where(sql`${ranked.position} <= ${placesShown}`)
    .orderBy(asc(occurrences.findingId), asc(ranked.position))
  const places = new Map<bigint, NoticePlace[]>()
  for (const { place, document } of rows) {
    const list = places.get(place.findingId) ?? []
    list.push(describePlace(place, document))
    places.set(place.findingId, list)
  }
  return places
}

function describePlace(place: typeof occurrences.$inferSelect, document: typeof documents.$inferSelect): NoticePlace {
  return {
    url: document.lineAnchor === '' ? document.url : `${document.url}${document.lineAnchor}${place.line}`,
    container: document.containerName,
    path: document.path,
    line: place.line,
    role: place.role,
    snippet: place.snippet,
    author: place.author,
    introducedAt: place.introducedAt,
    firstSeenAt: place.firstSeenAt,
  }
}

async function countPlaces(db: Db, findingIds: readonly bigint[], first: bigint | null): Promise<Map<bigint, number>> {
  if (findingIds.length === 0) return new Map()
  const rows = await db
    .select({ findingId: occurrences.findingId, total: count() })
    .from(occurrences)
    .where(and(inArray(occurrences.findingId, [...findingIds]), first === null ? known : or(known, eq(occurrences.id, first))))
    .groupBy(occurrences.findingId)
  return new Map(rows.map(({ findingId, total }) => [findingId, total]))
}

/** Place in a list of words, first is lowest; a word that is not in it sorts last. */
function rank(words: readonly string[], column: SQL | typeof findings.severity | typeof occurrences.status | typeof occurrences.role): SQL {
  return sql`array_position(array[${sql.join(words.map((word) => sql`${word}::text`), sql`, `)}], ${column})`
}
