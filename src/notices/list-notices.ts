import { asc, eq, inArray } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { identifiers, findings, notices, type NoticeKind } from '../db/schema/index.ts'
import { holdOf, readHolds } from './hold.ts'
import { listPending } from './pending.ts'

/** A notice that was not told yet, or refused. */
export interface UntoldNotice {
  readonly id: bigint
  readonly channel: string
  readonly kind: NoticeKind
  readonly findingId: bigint | null
  /** The name it is about; null where it is about none, or about many. */
  readonly identifier: string | null
  /** `held`: by quiet hours, a mute or a dead destination; `dead`: refused for good, until somebody sends it again. */
  readonly state: 'pending' | 'held' | 'dead'
  /** Of `held` when that ends by itself. */
  readonly until: Date | null
  /** Why it is not told, in words; null: it is about to be. */
  readonly reason: string | null
  readonly attempts: number
  readonly createdAt: Date
}

/** At most as many are listed; the counts of `countNotices` are exact. */
const mostListed = 1_000

/** What waits and what was refused, oldest first. @param states only these */
export async function listNotices(
  db: Db,
  { routing, now, states }: { readonly routing: Routing; readonly now: Date; readonly states?: readonly UntoldNotice['state'][] },
): Promise<readonly UntoldNotice[]> {
  const rows = await db
    .select({ notice: notices, identifier: identifiers.name })
    .from(notices)
    .leftJoin(findings, eq(findings.id, notices.findingId))
    .leftJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(inArray(notices.state, ['pending', 'dead']))
    .orderBy(asc(notices.id))
  const holds = await readHolds(db, routing, now)
  const configured = new Set(routing.destinations.map(({ name }) => name))
  const pending = new Map((await listPending(db, { channels: [...new Set(rows.map(({ notice }) => notice.channel))], quietHours: routing.quietHours })).map((one) => [one.id, one]))
  const listed = rows.map(({ notice, identifier }): UntoldNotice => {
    const { id, channel, kind, findingId, attempts, createdAt, reason } = notice
    const told = { id, channel, kind, findingId, identifier, attempts, createdAt }
    if (notice.state === 'dead') return { ...told, state: 'dead', until: null, reason }
    const waiting = pending.get(id)
    const hold = waiting === undefined ? null : holdOf(holds, waiting)
    if (hold !== null) return { ...told, state: 'held', until: hold.until, reason: hold.says }
    if (!configured.has(channel)) return { ...told, state: 'held', until: null, reason: 'the destination is not configured any more' }
    return { ...told, state: 'pending', until: null, reason: kind === 'place' && reason === null ? 'waits for the digest' : reason }
  })
  return listed.filter(({ state }) => states === undefined || states.includes(state)).slice(0, mostListed)
}

/** How many wait for the end of quiet hours or of a mute: as somebody wanted it. */
export async function countHeld(db: Db, { routing, now }: { readonly routing: Routing; readonly now: Date }): Promise<number> {
  const pending = await listPending(db, { channels: routing.destinations.map(({ name }) => name), quietHours: routing.quietHours })
  if (pending.length === 0) return 0
  const holds = await readHolds(db, routing, now)
  return pending.filter((notice) => {
    const hold = holdOf(holds, notice)
    return hold !== null && hold.why !== 'dead'
  }).length
}
