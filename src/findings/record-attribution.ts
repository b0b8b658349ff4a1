import { and, eq, isNull, ne, or } from '../db/drizzle.ts'
import type { Attribution, Change, ContainerFacts, Person } from '../contracts/place.ts'
import type { Db } from '../db/client.ts'
import { storable } from '../db/storable.ts'
import {
  containers, documents, findings, occurrences,
  type AttributeProgress, type RelatedPerson, type StoredChange, type StoredIntroduction,
} from '../db/schema/index.ts'
import { doubtDate } from '../evidence/date-doubts.ts'
import { relate, type Company } from '../evidence/relation.ts'
import { indexWords } from './index-words.ts'
import type { LoadedPlace } from './load-place.ts'
import { system } from './propose.ts'
import { reassess } from './reassess.ts'
import { recordEvent } from './record-event.ts'
import { wordsOf } from './words.ts'

const day = 24 * 3_600_000
/** Times that a better answer than the cheap one, or any answer, is asked for. */
const mostAttempts = 3

export interface Attributing {
  readonly loaded: LoadedPlace
  readonly company: Company
  readonly now: Date
}

/**
 * Stores what one request told of who and when. After the last one everything is judged: who each author is to the
 * company, what speaks against each date, and whether the exposure of a finding began earlier than was known.
 * A repeat is harmless: of two answers to the same question the first counts.
 */
export async function recordAttribution(tx: Db, answer: Attribution, { loaded, company, now }: Attributing): Promise<void> {
  const { document } = loaded
  const told: AttributeProgress = {
    next: answer.next,
    lines: [...(document.attributeProgress?.lines ?? []), ...(answer.lines ?? []).map(({ line, change }) => ({ line, change: storedChange(change) }))],
    file: answer.file === undefined ? (document.attributeProgress?.file ?? null) : storedChange(answer.file),
    cheap: answer.cheap === true || document.attributeProgress?.cheap === true,
  }
  if (answer.next !== null) {
    await move(tx, loaded, { attributeDueAt: now, attributeProgress: told })
    return
  }
  const attempts = document.attributeAttempts + (told.cheap ? 1 : 0)
  const again = told.cheap && attempts < mostAttempts ? new Date(now.getTime() + day) : null
  if (!(await move(tx, loaded, { attributeDueAt: again, attributeProgress: null, attributeAttempts: attempts }))) return
  const container = answer.container ?? null
  if (container !== null) await upsertContainer(tx, document.source, container, company, now)
  const people = new Map((answer.people ?? []).flatMap((person) => (person.id === null ? [] : [[person.id, person] as const])))
  const rows = await tx.select().from(occurrences).where(eq(occurrences.documentId, document.id)).orderBy(occurrences.findingId)
  for (const row of rows) {
    if (row.contentHash !== document.contentHash) continue
    await introduce(tx, row, told, { container, people, company, now })
    if (container !== null) await joinForks(tx, row, document, container, now)
  }
}

/** A question that could not be answered this time: asked again tomorrow, a few times. */
export async function postponeAttribution(tx: Db, { document, place }: LoadedPlace, now: Date): Promise<void> {
  const attempts = document.attributeAttempts + 1
  const again = attempts < mostAttempts ? new Date(now.getTime() + day) : null
  await move(tx, { document, place }, { attributeDueAt: again, attributeProgress: null, attributeAttempts: attempts })
}

/** Only while the question is still the one that was asked: of two workers one moves it on. */
async function move(tx: Db, { document }: LoadedPlace, set: Partial<typeof documents.$inferInsert>): Promise<boolean> {
  const asked = document.attributeDueAt === null ? isNull(documents.attributeDueAt) : eq(documents.attributeDueAt, document.attributeDueAt)
  const moved = await tx.update(documents).set(set).where(and(eq(documents.id, document.id), asked)).returning({ id: documents.id })
  return moved.length > 0
}

function storedChange({ id, author, authoredAt, committedAt }: Change): StoredChange {
  return { id, author, authoredAt: authoredAt?.toISOString() ?? null, committedAt: committedAt?.toISOString() ?? null }
}

function readChange({ authoredAt, committedAt, ...change }: StoredChange): Change {
  return { ...change, authoredAt: authoredAt === null ? null : new Date(authoredAt), committedAt: committedAt === null ? null : new Date(committedAt) }
}

async function upsertContainer(tx: Db, source: string, { id, name, owner, parentId, facts }: ContainerFacts, company: Company, now: Date): Promise<void> {
  const content = { name, parentId, owner: { ...owner, ...relate(owner, company) }, facts, checkedAt: now }
  await tx.insert(containers).values({ source, containerId: id, ...content }).onConflictDoUpdate({ target: [containers.source, containers.containerId], set: content })
}

type Row = typeof occurrences.$inferSelect

interface Circumstances {
  readonly container: ContainerFacts | null
  readonly people: ReadonlyMap<string, Person>
  readonly company: Company
  readonly now: Date
}

async function introduce(tx: Db, row: Row, told: AttributeProgress, { container, people, company, now }: Circumstances): Promise<void> {
  const found = earliest(row, told)
  // A cheap answer never takes the place of an exact one.
  if (found === null || (row.introduction?.exact === true && !found.exact)) return
  const { change, exact } = found
  const account = change.author.id === null ? undefined : people.get(change.author.id)
  const author: Person = account === undefined ? change.author : { ...account, emailDomain: change.author.emailDomain, name: change.author.name ?? account.name }
  const { doubts, notes } = doubtDate(change, container, row.firstSeenAt, now)
  const introducedAt = change.committedAt ?? change.authoredAt
  const related: RelatedPerson = { ...author, ...relate(author, company) }
  const introduction: StoredIntroduction = {
    change: change.id, exact, author: related, doubts, notes,
    authoredAt: change.authoredAt?.toISOString() ?? null,
    committedAt: change.committedAt?.toISOString() ?? null,
  }
  await tx
    .update(occurrences)
    .set({ introduction, introducedAt, author: storable(author.login ?? author.name) ?? row.author })
    .where(eq(occurrences.id, row.id))
  await indexWords(tx, row.findingId, wordsOf([author.login, author.name]))
  if (introducedAt !== null && doubts.length === 0) await moveExposure(tx, row, { publicSince: introducedAt, lowerBound: !exact }, change.id, now)
}

/** The first change that brought the name there; else the last one of the whole file. */
function earliest(row: Row, told: AttributeProgress): { readonly change: Change; readonly exact: boolean } | null {
  const mentioned = new Set(row.mentions.map(({ line }) => line))
  const [first] = told.lines
    .filter(({ line }) => mentioned.has(line))
    .map(({ change }) => readChange(change))
    .sort((a, b) => timeOf(a) - timeOf(b))
  if (first !== undefined) return { change: first, exact: true }
  return told.file === null ? null : { change: readChange(told.file), exact: false }
}

function timeOf({ committedAt, authoredAt }: Change): number {
  return (committedAt ?? authoredAt)?.getTime() ?? Infinity
}

/** The exposure of a finding begins with its earliest place. It only moves back: what was known to be public was. */
async function moveExposure(tx: Db, row: Row, to: { readonly publicSince: Date; readonly lowerBound: boolean }, change: string, now: Date): Promise<void> {
  const [finding] = await tx.select().from(findings).where(eq(findings.id, row.findingId)).for('update')
  if (finding === undefined || to.publicSince >= finding.publicSince) return
  await tx
    .update(findings)
    .set({ publicSince: to.publicSince, publicSinceIsLowerBound: to.lowerBound, updatedAt: now })
    .where(eq(findings.id, finding.id))
  await recordEvent(tx, {
    ...system,
    findingId: finding.id,
    verb: 'dated',
    state: finding.state,
    reason: to.lowerBound ? 'the file was public then, and may have been before' : 'the change that brought it there says so',
    facts: {
      occurrenceId: String(row.id),
      change,
      publicSince: to.publicSince.toISOString(),
      publicSinceIsLowerBound: to.lowerBound,
      before: finding.publicSince.toISOString(),
    },
    at: now,
  })
}

/** The same path in a fork and in its parent is one group, although one of them was edited since; whichever was found first. */
async function joinForks(tx: Db, { id, findingId }: Row, document: typeof documents.$inferSelect, container: ContainerFacts, now: Date): Promise<void> {
  if (document.path === null) return
  await tx.select({ id: findings.id }).from(findings).where(eq(findings.id, findingId)).for('update')
  const others = await tx
    .select({ id: occurrences.id, copyOf: occurrences.copyOf, containerId: documents.containerId, parentId: containers.parentId })
    .from(occurrences)
    .innerJoin(documents, eq(occurrences.documentId, documents.id))
    .leftJoin(containers, and(eq(containers.source, documents.source), eq(containers.containerId, documents.containerId)))
    .where(and(eq(occurrences.findingId, findingId), ne(occurrences.id, id), eq(documents.source, document.source), eq(documents.path, document.path)))
    .orderBy(occurrences.id)
  const family = others.filter((other) => other.containerId === container.parentId || other.parentId === document.containerId)
  const [own] = await tx.select({ copyOf: occurrences.copyOf }).from(occurrences).where(eq(occurrences.id, id))
  for (const other of family) {
    const [original, copy] = [own?.copyOf ?? id, other.copyOf ?? other.id].sort((a, b) => (a < b ? -1 : 1))
    if (original === undefined || copy === undefined || original === copy) continue
    await tx.update(occurrences).set({ copyOf: original, copyReason: 'fork' }).where(or(eq(occurrences.id, copy), eq(occurrences.copyOf, copy)))
    await reassess(tx, findingId, now)
    return
  }
}
