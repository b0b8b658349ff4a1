import { and, eq, gt, isNull, or } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { suppressions } from '../db/schema/index.ts'

/** What a suppression recognises of an occurrence. */
export interface Recognisable {
  readonly contentHash: string
  readonly regionHash: string | null
}

/** The suppressions of one finding that are in force. Of no other finding: another identifier in the same file is news. */
export async function suppressionsInForce(tx: Db, findingId: bigint, now: Date): Promise<readonly (typeof suppressions.$inferSelect)[]> {
  return tx
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.findingId, findingId), isNull(suppressions.endedAt), gt(suppressions.expiresAt, now)))
    .orderBy(suppressions.id)
}

/** The suppression that covers a text; null: none does, so that it is shown. */
export function covering<S extends Pick<typeof suppressions.$inferSelect, 'scope' | 'hash'>>(inForce: readonly S[], { contentHash, regionHash }: Recognisable): S | null {
  return inForce.find(({ scope, hash }) => hash === (scope === 'content' ? contentHash : regionHash)) ?? null
}

/** Whether a text is suppressed for a finding. */
export async function isSuppressed(tx: Db, findingId: bigint, text: Recognisable, now: Date): Promise<boolean> {
  const scopes = [and(eq(suppressions.scope, 'content'), eq(suppressions.hash, text.contentHash))]
  if (text.regionHash !== null) scopes.push(and(eq(suppressions.scope, 'region'), eq(suppressions.hash, text.regionHash)))
  const [row] = await tx
    .select({ id: suppressions.id })
    .from(suppressions)
    .where(and(eq(suppressions.findingId, findingId), isNull(suppressions.endedAt), gt(suppressions.expiresAt, now), or(...scopes)))
    .limit(1)
  return row !== undefined
}
