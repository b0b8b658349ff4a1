import { and, eq, inArray, isNotNull, isNull, notExists, sql } from '../db/drizzle.ts'
import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { OpenRegistry } from '../contracts/registry.ts'
import type { Db } from '../db/client.ts'
import { claims, findings, identifiers } from '../db/schema/index.ts'
import type { Candidate } from '../planning/claims.ts'
import { mayBeTold, pattern } from './load-claim.ts'

export interface ClaimPlan {
  /** Opened registries by id, with the ecosystem whose names they hold. */
  readonly registries: ReadonlyMap<string, { readonly ecosystem: Ecosystem; readonly registry: OpenRegistry }>
  /** Why a name may not be told; null: it may. */
  readonly rule: (candidate: Candidate) => string | null
  /** Names may be asked for before they are found. */
  readonly askAll: boolean
  readonly now: Date
}

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 2_000

/**
 * Brings the claims to what may be asked: a row, due at once, for every name that may be asked for and has none; and
 * no due time for those whose name may not be told any more. Idempotent by constraint; returns the new rows' number.
 */
export async function planClaims(db: Db, plan: ClaimPlan): Promise<number> {
  await forbid(db)
  let planned = 0
  for (const [id, { ecosystem, registry }] of plan.registries) {
    const rows = (await unasked(db, id, ecosystem, plan)).flatMap(({ identifierId, form, kind, text, disclose, found }) => {
      if (!isAskable(kind) || plan.rule({ form, kind, text, disclose, found }) !== null || registry.refuses({ kind, name: text }) !== null) return []
      return [{ identifierId, registry: id, state: 'unknown' as const, claimable: 'unknown' as const, why: 'not asked yet', signals: [], dueAt: plan.now, createdAt: plan.now }]
    })
    for (let at = 0; at < rows.length; at += chunk) {
      const written = await db.insert(claims).values(rows.slice(at, at + chunk))
        .onConflictDoUpdate({ target: [claims.identifierId, claims.registry], set: { dueAt: plan.now }, setWhere: isNull(claims.dueAt) })
        .returning({ id: claims.id })
      planned += written.length
    }
  }
  return planned
}

function isAskable(kind: IdentifierKind): kind is 'package' | 'scope' | 'group' {
  return kind === 'package' || kind === 'scope' || kind === 'group'
}

/** Names of the ecosystem without a due claim, known to be public or, with `askAll`, all of the inventory. */
function unasked(db: Db, registry: string, ecosystem: Ecosystem, { askAll }: ClaimPlan) {
  const asked = db.select({ id: claims.id }).from(claims).where(and(eq(claims.identifierId, identifiers.id), eq(claims.registry, registry), isNotNull(claims.dueAt)))
  return db
    .select({
      identifierId: identifiers.id, form: identifiers.form, kind: identifiers.kind, text: identifiers.name, disclose: identifiers.disclose,
      found: sql<boolean>`${findings.id} is not null`,
    })
    .from(identifiers)
    .leftJoin(findings, eq(findings.identifierId, identifiers.id))
    .leftJoin(pattern, eq(pattern.id, identifiers.patternId))
    .where(and(eq(identifiers.form, 'name'), eq(identifiers.ecosystem, ecosystem), mayBeTold(), askAll ? undefined : isNotNull(findings.id), notExists(asked)))
    .orderBy(identifiers.id)
}

async function forbid(db: Db): Promise<void> {
  const told = db.select({ id: identifiers.id }).from(identifiers).leftJoin(pattern, eq(pattern.id, identifiers.patternId)).where(and(mayBeTold(), eq(identifiers.id, claims.identifierId)))
  await db.update(claims).set({ dueAt: null, progress: null }).where(and(isNotNull(claims.dueAt), notExists(told)))
}

/** Names whose rule depends on other lines (a secret that they contain): looked at when the inventory changes. */
export async function forbidContaining(db: Db, rule: ClaimPlan['rule']): Promise<void> {
  const rows = await db
    .select({ id: claims.id, form: identifiers.form, kind: identifiers.kind, text: identifiers.name, disclose: identifiers.disclose, found: sql<boolean>`${findings.id} is not null` })
    .from(claims)
    .innerJoin(identifiers, eq(identifiers.id, claims.identifierId))
    .leftJoin(findings, eq(findings.identifierId, identifiers.id))
    .where(isNotNull(claims.dueAt))
  const ids = rows.filter((row) => rule(row) !== null).map(({ id }) => id)
  for (let at = 0; at < ids.length; at += chunk) await db.update(claims).set({ dueAt: null, progress: null }).where(inArray(claims.id, ids.slice(at, at + chunk)))
}
