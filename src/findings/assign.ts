import { and, eq, isNull, sql } from '../db/drizzle.ts'
import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { accounts, findings } from '../db/schema/index.ts'
import { assertUnchanged } from './assert-unchanged.ts'
import { recordEvent } from './record-event.ts'
import { noFinding, type Triage } from './transition.ts'

/**
 * Gives a finding to an account, or to nobody (null), in any state. To whom it belongs already: nothing happened, and
 * nothing is recorded.
 * @throws NotFound no such finding | Invalid no such account, or disabled | Conflict somebody else assigned it since it was seen
 */
export async function assign(db: Db, triage: Triage & { readonly assignee: bigint | null }): Promise<void> {
  const { findingId, assignee, actor, now } = triage
  await db.transaction(async (tx) => {
    const [person] = assignee === null ? [] : await tx.select().from(accounts).where(and(eq(accounts.id, assignee), isNull(accounts.disabledAt)))
    if (assignee !== null && person === undefined) throw new Invalid([{ where: 'body', key: 'assignee', expected: 'an account that is enabled' }])
    const [row] = await tx
      .update(findings)
      .set({ assignee, updatedAt: now })
      .where(and(eq(findings.id, findingId), sql`${findings.assignee} is distinct from ${assignee}`))
      .returning({ state: findings.state })
    if (row === undefined) {
      const [found] = await tx.select({ id: findings.id }).from(findings).where(eq(findings.id, findingId))
      if (found === undefined) throw noFinding(findingId)
      return
    }
    await assertUnchanged(tx, triage, 'assigned')
    await recordEvent(tx, {
      findingId, verb: 'assigned', actorKind: actor.kind, actor: actor.name, state: row.state, reason: null,
      facts: { assignee: person?.email ?? null, comment: triage.comment ?? null }, at: now,
    })
  })
}
