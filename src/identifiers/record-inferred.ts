import { and, eq, notInArray, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { inferred, inferredPlaces } from '../db/schema/index.ts'
import type { Inferred } from '../evidence/infer.ts'
import { packageFault, scopeFault } from '../inventory/check-name.ts'
import { normalise } from '../matching/normalise.ts'
import { drillTokens } from './find-drill.ts'

/** A candidate in a document. */
export interface InferredName extends Inferred {
  /** 1-based. */
  readonly line: number
}

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 2_000

/**
 * Stores the candidates of a document, all of them: what an earlier reading of it had and this one has not loses its
 * place there. Idempotent by constraint, and a decision that was made stays. The reason is the strongest of all
 * documents. No event, no notice: a candidate is nobody's news. What its ecosystem does not allow is no name,
 * and what has the random part of a drill in it is none of ours.
 */
export async function recordInferred(tx: Db, documentId: bigint, names: readonly InferredName[], now: Date): Promise<void> {
  const ids: bigint[] = []
  const tokens = names.length === 0 ? [] : await drillTokens(tx)
  const rows = toRows(names).filter(({ key }) => !tokens.some((token) => key.includes(token)))
  for (let at = 0; at < rows.length; at += chunk) ids.push(...(await record(tx, documentId, rows.slice(at, at + chunk), now)))
  await tx
    .delete(inferredPlaces)
    .where(and(eq(inferredPlaces.documentId, documentId), ids.length === 0 ? undefined : notInArray(inferredPlaces.inferredId, ids)))
}

type Row = InferredName & { readonly key: string }

/** Each name once, in the order of names: workers that record the same ones lock them in the same order. */
function toRows(names: readonly InferredName[]): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const name of names) {
    const row = { ...name, key: normalise(name.name, name.kind, name.ecosystem) }
    if (isAllowed(name) && !rows.has(identityOf(row))) rows.set(identityOf(row), row)
  }
  return [...rows.values()].sort(byIdentity)
}

async function record(tx: Db, documentId: bigint, rows: readonly Row[], now: Date): Promise<bigint[]> {
  const written = await tx
    .insert(inferred)
    .values(rows.map(({ kind, ecosystem, name, key, reason, weak }) => ({ kind, ecosystem, name, key, reason, weak, state: 'candidate' as const, firstSeenAt: now, lastSeenAt: now })))
    .onConflictDoUpdate({
      target: [inferred.kind, inferred.ecosystem, inferred.key],
      set: {
        reason: sql`case when ${inferred.weak} and not excluded.weak then excluded.reason else ${inferred.reason} end`,
        weak: sql`${inferred.weak} and excluded.weak`,
        lastSeenAt: sql`greatest(${inferred.lastSeenAt}, excluded.last_seen_at)`,
      },
    })
    .returning({ id: inferred.id, kind: inferred.kind, ecosystem: inferred.ecosystem, key: inferred.key })
  const ids = new Map(written.map((row) => [identityOf(row), row.id]))
  const places = rows.flatMap((row) => {
    const inferredId = ids.get(identityOf(row))
    return inferredId === undefined ? [] : [{ inferredId, documentId, line: row.line, reason: row.reason, firstSeenAt: now }]
  })
  await tx
    .insert(inferredPlaces)
    .values(places)
    .onConflictDoUpdate({ target: [inferredPlaces.inferredId, inferredPlaces.documentId], set: { line: sql`excluded.line`, reason: sql`excluded.reason` } })
  return written.map(({ id }) => id)
}

function isAllowed({ name, kind, ecosystem }: InferredName): boolean {
  return (kind === 'scope' ? scopeFault(name) : packageFault(name, ecosystem)) === null
}

function identityOf(row: { readonly kind: string; readonly ecosystem: string | null; readonly key: string }): string {
  return `${row.kind} ${row.ecosystem ?? ''} ${row.key}`
}

function byIdentity(a: Row, b: Row): number {
  return identityOf(a) < identityOf(b) ? -1 : 1
}
