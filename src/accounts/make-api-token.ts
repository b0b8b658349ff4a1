import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { apiTokens, type AccountRole, type TokenScope } from '../db/schema/index.ts'
import { recordAction } from '../trail/record-action.ts'
import type { Account } from './find-session.ts'
import { makeToken } from './token.ts'

/** Recognisable to secret scanners, ours among them. */
export const tokenPrefix = 'nsk_'
/** What each role may give away. */
const scopesOf: Readonly<Record<AccountRole, readonly TokenScope[]>> = {
  viewer: ['read'],
  analyst: ['read', 'triage'],
  administrator: ['read', 'triage', 'manage'],
}

/** @returns the token, this once, and its row @throws Invalid a scope that the owner's role does not have */
export async function makeApiToken(db: Db, { account, name, scopes, expiresAt, now }: {
  readonly account: Account; readonly name: string; readonly scopes: readonly TokenScope[]; readonly expiresAt: Date; readonly now: Date
}): Promise<{ readonly token: string; readonly row: typeof apiTokens.$inferSelect }> {
  const beyond = scopes.find((scope) => !scopesOf[account.role].includes(scope))
  if (beyond !== undefined) throw new Invalid([{ where: 'body', key: 'scopes', expected: `as ${account.role} you can give at most: ${scopesOf[account.role].join(', ')}` }])
  const { token, hash } = makeToken(tokenPrefix)
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(apiTokens)
      .values({ accountId: account.id, name, tokenHash: hash, ending: token.slice(-4), scopes: [...new Set(scopes)], createdAt: now, expiresAt })
      .returning()
    if (row === undefined) throw new Error('an insert returned no row')
    await recordAction(tx, {
      actor: { kind: 'user', name: account.email }, verb: 'token-made', subject: { kind: 'token', name },
      facts: { scopes: row.scopes.join(' '), ending: row.ending, until: expiresAt.toISOString() }, at: now,
    })
    return { token, row }
  })
}
