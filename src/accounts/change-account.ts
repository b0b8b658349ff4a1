import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { Conflict, NotFound } from '../errors.ts'
import { accounts, sessions, type AccountRole } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'
import { listAdministrators } from './list-administrators.ts'

/**
 * Another role, from the next request on; or disabled: its sessions end and its tokens stop; or enabled again.
 * @throws NotFound | Conflict nobody who can log in would administrate any more
 */
export async function changeAccount(db: Db, { accountId, role, disabled, actor, now }: {
  readonly accountId: bigint; readonly role?: AccountRole | undefined; readonly disabled?: boolean | undefined; readonly actor: Actor; readonly now: Date
}): Promise<void> {
  await db.transaction(async (tx) => {
    // Locked: two administrators who take the role from each other at once must not both succeed.
    const before = await listAdministrators(tx)
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, accountId)).for('update')
    if (account === undefined) throw new NotFound(`there is no account ${accountId}`)
    const disabledAt = disabled === undefined ? account.disabledAt : disabled ? (account.disabledAt ?? now) : null
    await tx.update(accounts).set({ role: role ?? account.role, disabledAt }).where(eq(accounts.id, accountId))
    if (before.length > 0 && (await listAdministrators(tx)).length === 0) {
      throw new Conflict('this is the last administrator who can log in: give somebody else the role first')
    }
    if (disabledAt !== null) await tx.delete(sessions).where(eq(sessions.accountId, accountId))
    const subject = { kind: 'account', name: account.email }
    if (role !== undefined && role !== account.role) await recordAction(tx, { actor, verb: 'role-changed', subject, facts: { from: account.role, to: role }, at: now })
    if ((disabledAt === null) !== (account.disabledAt === null)) {
      await recordAction(tx, { actor, verb: disabledAt === null ? 'account-enabled' : 'account-disabled', subject, at: now })
    }
  })
}
