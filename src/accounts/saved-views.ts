import { and, eq, or } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { NotFound } from '../errors.ts'
import { savedViews } from '../db/schema/index.ts'

export interface ListedView {
  readonly id: bigint
  readonly name: string
  readonly query: string
  readonly shared: boolean
  readonly mine: boolean
}

/** One's own and those that are shared, by name. */
export async function listViews(db: Db, accountId: bigint): Promise<readonly ListedView[]> {
  const rows = await db
    .select()
    .from(savedViews)
    .where(or(eq(savedViews.accountId, accountId), eq(savedViews.shared, true)))
    .orderBy(savedViews.name, savedViews.id)
  return rows.map(({ id, name, query, shared, accountId: owner }) => ({ id, name, query, shared, mine: owner === accountId }))
}

/** Under a name that one has already, it takes the place of the old one. */
export async function saveView(db: Db, view: { readonly accountId: bigint; readonly name: string; readonly query: string; readonly shared: boolean; readonly now: Date }): Promise<bigint> {
  const { accountId, name, query, shared, now } = view
  const [row] = await db
    .insert(savedViews)
    .values({ accountId, name, query, shared, createdAt: now })
    .onConflictDoUpdate({ target: [savedViews.accountId, savedViews.name], set: { query, shared } })
    .returning({ id: savedViews.id })
  if (row === undefined) throw new Error('an insert returned no row')
  return row.id
}

/** @throws NotFound no such view of this account */
export async function deleteView(db: Db, { accountId, viewId }: { readonly accountId: bigint; readonly viewId: bigint }): Promise<void> {
  const [row] = await db.delete(savedViews).where(and(eq(savedViews.id, viewId), eq(savedViews.accountId, accountId))).returning({ id: savedViews.id })
  if (row === undefined) throw new NotFound('there is no such view of yours')
}
