import { and, eq, isNotNull, isNull, or } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts } from '../db/schema/index.ts'

/** Administrators who can log in, locked until the transaction ends. */
export async function listAdministrators(tx: Db): Promise<readonly { readonly id: bigint }[]> {
  return tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.role, 'administrator'), isNull(accounts.disabledAt), or(isNotNull(accounts.password), isNotNull(accounts.oidcSubject))))
    .orderBy(accounts.id)
    .for('update')
}
