import type { Db } from '../../src/db/client.ts'
import { coverage, documents, events, findings, identifiers, notices, occurrences } from '../../src/db/schema/index.ts'

export const now = new Date('2026-11-23T06:00:00Z')

/** Rows by hand, with what a test does not care about filled in. */

let serial = 0

export async function addIdentifier(db: Db, values: Partial<typeof identifiers.$inferInsert> = {}): Promise<bigint> {
  serial += 1
  const name = values.name ?? `acme-corp-name-${serial}`
  const [row] = await db
    .insert(identifiers)
    .values({
      form: 'name', kind: 'package', ecosystem: 'npm', name, key: name, team: 'identity', disclose: 'name',
      publicOnPurpose: false, near: [], createdAt: now, ...values,
    })
    .returning({ id: identifiers.id })
  return idOf(row)
}

export async function addFinding(db: Db, values: Partial<typeof findings.$inferInsert> & { readonly name?: string } = {}): Promise<bigint> {
  const { name, ...columns } = values
  const identifierId = columns.identifierId ?? (await addIdentifier(db, name === undefined ? {} : { name }))
  const [row] = await db
    .insert(findings)
    .values({
      identifierId, state: 'open', severity: 'high', reasons: ['it matters'], firstSeenAt: now, publicSince: now,
      publicSinceIsLowerBound: false, updatedAt: now, ...columns,
    })
    .returning({ id: findings.id })
  return idOf(row)
}

export async function addPlace(
  db: Db,
  findingId: bigint,
  values: Partial<typeof occurrences.$inferInsert> & { readonly document?: Partial<typeof documents.$inferInsert> } = {},
): Promise<bigint> {
  serial += 1
  const { document = {}, ...columns } = values
  const contentHash = columns.contentHash ?? `hash-${serial}`
  const [stored] = await db
    .insert(documents)
    .values({
      source: 'github-code', ref: `ref-${serial}`, revision: 'r1', contentHash, url: `https://github.com/someone/shop/blob/4f2a/file-${serial}`,
      lineAnchor: '#L', title: 'a file', containerId: 'R_1', containerName: 'someone/shop', path: `file-${serial}`,
      truncated: false, matchedWith: 'digest', firstSeenAt: now, lastSeenAt: now, ...document,
    })
    .returning({ id: documents.id })
  const [row] = await db
    .insert(occurrences)
    .values({
      findingId, documentId: idOf(stored), line: 12, column: 3, role: 'dependency', details: {}, snippet: 'the line', mentions: [], mentionCount: 1,
      contentHash, status: 'live', author: 'octocat', introducedAt: now, firstSeenAt: now, lastSeenAt: now, ...columns,
    })
    .returning({ id: occurrences.id })
  return idOf(row)
}

export async function addEvent(db: Db, findingId: bigint, verb: 'found' | 'reopened' | 'place-added'): Promise<void> {
  await db.insert(events).values({ findingId, verb, actorKind: 'system', actor: 'namesake', state: 'open', facts: {}, at: now })
}

export async function addNotice(db: Db, values: Partial<typeof notices.$inferInsert> = {}): Promise<bigint> {
  serial += 1
  const [row] = await db
    .insert(notices)
    .values({ channel: 'slack', kind: 'leaked', key: `key-${serial}`, state: 'pending', createdAt: now, ...values })
    .returning({ id: notices.id })
  return idOf(row)
}

/** A leak with one place and its pending notice. */
export async function addLeak(db: Db, name: string): Promise<{ readonly findingId: bigint; readonly noticeId: bigint }> {
  const findingId = await addFinding(db, { name })
  await addPlace(db, findingId)
  return { findingId, noticeId: await addNotice(db, { findingId }) }
}

export async function addCoverage(db: Db, identifierId: bigint, values: Partial<typeof coverage.$inferInsert> = {}): Promise<void> {
  await db.insert(coverage).values({ identifierId, source: 'github-code', attemptedAt: now, ...values })
}

function idOf(row: { readonly id: bigint } | undefined): bigint {
  if (row === undefined) throw new Error('an insert returned no row')
  return row.id
}
