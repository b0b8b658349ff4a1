import { and, asc, desc, eq, gt, inArray, ne, notExists, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { documents, events, findings, findingWords, identifiers, occurrences } from '../db/schema/index.ts'
import { wordsOf, wordsOfName } from './words.ts'

/** Words of one row: a change writes a row again, a search reads as few as possible. */
const mostInPart = 500

/**
 * Makes a finding found by these words too, in the transaction that stores their text. Each word stands once with a
 * finding, however many places have it, so that a common word costs a search no more than there are findings. Words of
 * a text that was replaced stay: it is found by what it was once, too, as its history shows it.
 */
export async function indexWords(tx: Db, findingId: bigint, words: readonly string[]): Promise<void> {
  if (words.length === 0) return
  const known = await tx
    .select({ part: findingWords.part, size: sql<number>`length(${findingWords.words})`, has: sql<string[]>`array(select unnest(tsvector_to_array(${findingWords.words})) intersect select unnest(${sql.param([...words])}::text[]))` })
    .from(findingWords)
    .where(eq(findingWords.findingId, findingId))
    .orderBy(desc(findingWords.part))
  const has = new Set(known.flatMap((row) => row.has))
  const missing = words.filter((word) => !has.has(word))
  if (missing.length === 0) return
  const [last] = known
  const part = last === undefined ? 0 : last.size + missing.length <= mostInPart ? last.part : last.part + 1
  await writeParts(tx, [{ findingId, part, words: missing }])
}

/** What a place is found by. */
export function wordsOfPlace(place: { readonly snippet: string; readonly author: string | null }, document: { readonly url: string; readonly title: string; readonly path: string | null; readonly container: string; readonly author: string | null }): readonly string[] {
  return wordsOf([document.container, document.path, document.title, document.url, document.author, place.snippet, place.author])
}

/**
 * Writes the words of findings that have none, some hundred at a time: of a database that is older than the search.
 * @returns how many findings were written; fewer than asked for: none is left
 */
export async function indexMissing(db: Db, options: { readonly most: number }): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select({ id: findings.id, name: identifiers.name })
      .from(findings)
      .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
      .where(notExists(tx.select({ one: sql`1` }).from(findingWords).where(eq(findingWords.findingId, findings.id))))
      .orderBy(asc(findings.id))
      .limit(options.most)
      .for('update', { of: findings, skipLocked: true })
    const words = new Map(rows.map(({ id, name }) => [id, new Set(wordsOfName(name))]))
    await readPlaces(tx, words)
    await readComments(tx, words)
    await writeParts(tx, [...words].flatMap(([findingId, set]) => {
      const all = [...set]
      return Array.from({ length: Math.ceil(all.length / mostInPart) }, (_, part) => ({ findingId, part, words: all.slice(part * mostInPart, (part + 1) * mostInPart) }))
    }))
    return rows.length
  })
}

const placesAtOnce = 20_000

async function readPlaces(tx: Db, words: ReadonlyMap<bigint, Set<string>>): Promise<void> {
  let after = 0n
  for (;;) {
    const rows = words.size === 0 ? [] : await tx
      .select({
        id: occurrences.id, findingId: occurrences.findingId, snippet: occurrences.snippet, author: occurrences.author,
        document: { url: documents.url, title: documents.title, path: documents.path, container: documents.containerName, author: documents.author },
      })
      .from(occurrences)
      .innerJoin(documents, eq(documents.id, occurrences.documentId))
      .where(and(inArray(occurrences.findingId, [...words.keys()]), gt(occurrences.id, after)))
      .orderBy(asc(occurrences.id))
      .limit(placesAtOnce)
    for (const { findingId, document, ...place } of rows) for (const word of wordsOfPlace(place, document)) words.get(findingId)?.add(word)
    const last = rows.at(-1)
    if (last === undefined || rows.length < placesAtOnce) return
    after = last.id
  }
}

async function readComments(tx: Db, words: ReadonlyMap<bigint, Set<string>>): Promise<void> {
  if (words.size === 0) return
  const rows = await tx
    .select({ findingId: events.findingId, reason: events.reason, facts: events.facts })
    .from(events)
    .where(and(inArray(events.findingId, [...words.keys()]), ne(events.actorKind, 'system')))
  for (const { findingId, ...said } of rows) for (const word of wordsOfEvent(said)) words.get(findingId)?.add(word)
}

/** What people said about a finding. */
export function wordsOfEvent({ reason, facts }: { readonly reason?: string | null | undefined; readonly facts: Readonly<Record<string, unknown>> }): readonly string[] {
  const { comment } = facts
  return wordsOf([reason ?? null, typeof comment === 'string' ? comment : null])
}

async function writeParts(tx: Db, parts: readonly { readonly findingId: bigint; readonly part: number; readonly words: readonly string[] }[]): Promise<void> {
  if (parts.length === 0) return
  // Words have no blank in them.
  await tx.execute(sql`
    insert into finding_words (finding_id, part, words)
    select finding_id, part, array_to_tsvector(string_to_array(words, ' '))
    from unnest(${sql.param(parts.map(({ findingId }) => String(findingId)))}::bigint[], ${sql.param(parts.map(({ part }) => String(part)))}::int[], ${sql.param(parts.map(({ words }) => words.join(' ')))}::text[])
      as written (finding_id, part, words)
    on conflict (finding_id, part) do update set words = finding_words.words || excluded.words`)
}
