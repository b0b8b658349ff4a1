import { and, asc, eq, inArray, isNotNull, notInArray } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'

/** One message that waits to be sent. Ids only: it may travel through a queue. */
export type Due =
  | { readonly kind: 'notice'; readonly channel: string; readonly noticeId: bigint }
  /** All `place` notices of the channel that are pending when it is delivered. */
  | { readonly kind: 'digest'; readonly channel: string }
  /** All `changed`, or all `refresh`, notices of a finding that are pending when it is delivered: one answer, one change. */
  | { readonly kind: 'changed' | 'refresh'; readonly channel: string; readonly findingId: bigint }

/**
 * What waits for these channels: `leaked`, `reopened` and `baseline` each by itself, oldest first; then what
 * concerns messages that were sent before, by finding; then, only if asked for, one digest per channel that has places to tell.
 */
export async function listDue(db: Db, asked: { readonly channels: readonly string[]; readonly digest: boolean }): Promise<readonly Due[]> {
  const pending = and(eq(notices.state, 'pending'), inArray(notices.channel, [...asked.channels]))
  const singles = await db
    .select({ channel: notices.channel, noticeId: notices.id })
    .from(notices)
    .where(and(pending, notInArray(notices.kind, ['place', 'changed', 'refresh'])))
    .orderBy(asc(notices.id))
  const later = await db
    .selectDistinct({ channel: notices.channel, kind: notices.kind, findingId: notices.findingId })
    .from(notices)
    .where(and(pending, inArray(notices.kind, ['changed', 'refresh']), isNotNull(notices.findingId)))
    .orderBy(asc(notices.findingId), asc(notices.kind), asc(notices.channel))
  const due: Due[] = [
    ...singles.map((single) => ({ kind: 'notice' as const, ...single })),
    ...later.flatMap(({ channel, kind, findingId }) =>
      findingId !== null && (kind === 'changed' || kind === 'refresh') ? [{ kind, channel, findingId }] : []),
  ]
  if (!asked.digest) return due
  const digests = await db.selectDistinct({ channel: notices.channel }).from(notices).where(and(pending, eq(notices.kind, 'place'))).orderBy(asc(notices.channel))
  return [...due, ...digests.map(({ channel }) => ({ kind: 'digest' as const, channel }))]
}
