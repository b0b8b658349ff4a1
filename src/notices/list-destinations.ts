import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { destinations, notices } from '../db/schema/index.ts'
import { listMutes } from './mute.ts'

export interface DestinationState {
  readonly name: string
  /** `idle`: nothing was sent yet. `failing`: it has taken nothing since. `dead`: it refuses us for good. */
  readonly state: 'idle' | 'works' | 'failing' | 'dead'
  /** Of `failing` and `dead`. */
  readonly since: Date | null
  readonly reason: string | null
  readonly deliveredAt: Date | null
  readonly pending: number
  readonly delivered: number
  readonly dead: number
  readonly mutedUntil: Date | null
  /** Why it is muted; null: it is not. */
  readonly muteReason: string | null
}

/** How each configured destination fares, in the order of the configuration. */
export async function listDestinations(db: Db, { routing, now }: { readonly routing: Pick<Routing, 'destinations'>; readonly now: Date }): Promise<readonly DestinationState[]> {
  const known = new Map((await db.select().from(destinations)).map((row) => [row.name, row]))
  const counts = await db
    .select({
      channel: notices.channel,
      pending: sql<number>`count(*) filter (where ${notices.state} = 'pending')::int`,
      delivered: sql<number>`count(*) filter (where ${notices.state} = 'delivered')::int`,
      dead: sql<number>`count(*) filter (where ${notices.state} = 'dead')::int`,
    })
    .from(notices)
    .groupBy(notices.channel)
  const muted = await listMutes(db, now)
  return routing.destinations.map(({ name }) => {
    const row = known.get(name)
    const count = counts.find(({ channel }) => channel === name)
    const mute = muted.find(({ channel }) => channel === null || channel === name)
    return {
      name,
      ...stateOf(row),
      reason: row?.reason ?? null,
      deliveredAt: row?.deliveredAt ?? null,
      pending: count?.pending ?? 0,
      delivered: count?.delivered ?? 0,
      dead: count?.dead ?? 0,
      mutedUntil: mute?.endsAt ?? null,
      muteReason: mute?.reason ?? null,
    }
  })
}

function stateOf(row: typeof destinations.$inferSelect | undefined): Pick<DestinationState, 'state' | 'since'> {
  if (row === undefined) return { state: 'idle', since: null }
  if (row.deadSince !== null) return { state: 'dead', since: row.deadSince }
  if (row.failingSince !== null) return { state: 'failing', since: row.failingSince }
  return { state: row.deliveredAt === null ? 'idle' : 'works', since: null }
}
