import { and, eq, ne } from '../db/drizzle.ts'
import { NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { accounts, sessions } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'

/** A person logs out, or ends a session left open elsewhere. @throws NotFound no such session of this account */
export async function endSession(db: Db, { accountId, sessionId, actor, now }: { readonly accountId: bigint; readonly sessionId: bigint; readonly actor: Actor; readonly now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.delete(sessions).where(and(eq(sessions.id, sessionId), eq(sessions.accountId, accountId))).returning({ id: sessions.id })
    if (row === undefined) throw new NotFound('there is no such session of yours; it may have ended already')
    await recordAction(tx, { actor, verb: 'session-ended', subject: { kind: 'account', name: actor.name }, at: now })
  })
}

/** Every session of an account ends, or every one but this. @returns how many @throws NotFound no such account */
export async function endSessions(
  db: Db,
  { accountId, except, actor, now }: { readonly accountId: bigint; readonly except?: bigint; readonly actor: Actor; readonly now: Date },
): Promise<number> {
  return db.transaction(async (tx) => {
    const [account] = await tx.select({ email: accounts.email }).from(accounts).where(eq(accounts.id, accountId))
    if (account === undefined) throw new NotFound(`there is no account ${accountId}`)
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.accountId, accountId), except === undefined ? undefined : ne(sessions.id, except)))
      .returning({ id: sessions.id })
    await recordAction(tx, { actor, verb: 'sessions-ended', subject: { kind: 'account', name: account.email }, facts: { count: ended.length }, at: now })
    return ended.length
  })
}
