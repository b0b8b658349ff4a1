import { and, asc, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'
import type { Due } from './list-due.ts'

export type NoticeRow = typeof notices.$inferSelect

/** Places in one digest; more wait for the next. */
const digestSize = 5_000

/**
 * The pending rows of one message, locked until the transaction ends, oldest first. Rows that somebody else holds are
 * left out, not waited for; `busy` says that there are some.
 */
export async function takePending(tx: Db, due: Due): Promise<{ readonly rows: readonly NoticeRow[]; readonly busy: boolean }> {
  const wanted = and(
    eq(notices.state, 'pending'),
    eq(notices.channel, due.channel),
    due.kind === 'notice' ? eq(notices.id, due.noticeId) : eq(notices.kind, 'place'),
  )
  const rows = await tx.select().from(notices).where(wanted).orderBy(asc(notices.id)).limit(digestSize).for('update', { skipLocked: true })
  if (rows.length > 0) return { rows, busy: false }
  const [held] = await tx.select({ id: notices.id }).from(notices).where(wanted).limit(1)
  return { rows, busy: held !== undefined }
}
