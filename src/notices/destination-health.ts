import { and, eq, isNotNull, isNull, lte, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { destinations, notices, type NoticeDetails } from '../db/schema/index.ts'

/**
 * How destinations fare, and word of it to the operator by every other one: once for each time that one stops working.
 * A destination never tells that it does not work itself.
 */

type Trouble = NonNullable<NoticeDetails['operator']>

/** Milliseconds without anything taken after which somebody should know. */
const patienceMs = 60 * 60_000

/** It took a message: whatever was wrong is over. */
export async function recordTaken(tx: Db, name: string, now: Date): Promise<void> {
  const works = { deliveredAt: now, failingSince: null, deadSince: null, triedAt: null, reason: null }
  await tx.insert(destinations).values({ name, ...works }).onConflictDoUpdate({ target: destinations.name, set: works })
}

/** It gave no answer, or none that says "taken". @param reason in words, without names */
export async function recordTrouble(tx: Db, name: string, reason: string, now: Date): Promise<void> {
  await tx
    .insert(destinations)
    .values({ name, failingSince: now, triedAt: now, reason })
    .onConflictDoUpdate({ target: destinations.name, set: { failingSince: sql`coalesce(${destinations.failingSince}, ${now.toISOString()}::timestamptz)`, triedAt: now, reason } })
}

/** It refused us for good. Every other destination is told, the first time; true then. @param reason in words, without names */
export async function recordDeath(tx: Db, routing: Pick<Routing, 'destinations'>, name: string, reason: string, now: Date): Promise<boolean> {
  await tx.insert(destinations).values({ name }).onConflictDoNothing()
  await tx.update(destinations).set({ triedAt: now, reason }).where(eq(destinations.name, name))
  const died = await tx.update(destinations).set({ deadSince: now }).where(and(eq(destinations.name, name), isNull(destinations.deadSince))).returning({ name: destinations.name })
  if (died.length === 0) return false
  await tellOthers(tx, routing, { news: 'dead', about: name, reason, since: now.toISOString() }, now)
  return true
}

/** It is to be tried as if nothing had happened: a person says that it was mended. */
export async function forgiveDestination(db: Db, name: string): Promise<void> {
  await db.update(destinations).set({ deadSince: null, failingSince: null, triedAt: null, reason: null }).where(eq(destinations.name, name))
}

/** Tells of destinations that have taken nothing for an hour. Asked again and again, it tells each time of trouble once. */
export async function tellOperators(db: Db, routing: Pick<Routing, 'destinations'>, now: Date): Promise<void> {
  const failing = await db
    .select()
    .from(destinations)
    .where(and(isNull(destinations.deadSince), isNotNull(destinations.failingSince), lte(destinations.failingSince, new Date(now.getTime() - patienceMs))))
  for (const { name, reason, failingSince } of failing) {
    if (failingSince === null || !routing.destinations.some((one) => one.name === name)) continue
    await tellOthers(db, routing, { news: 'failing', about: name, reason: reason ?? 'it gives no answer', since: failingSince.toISOString() }, now)
  }
}

/** To those that work; where none does, to all: one may come back. */
async function tellOthers(tx: Db, { destinations: configured }: Pick<Routing, 'destinations'>, trouble: Trouble, now: Date): Promise<void> {
  const others = configured.map(({ name }) => name).filter((name) => name !== trouble.about)
  const dead = (await tx.select({ name: destinations.name }).from(destinations).where(isNotNull(destinations.deadSince))).map(({ name }) => name)
  const working = others.filter((name) => !dead.includes(name))
  const told = working.length > 0 ? working : others
  if (told.length === 0) return
  const key = `${trouble.about}.${trouble.news}.${trouble.since}`
  await tx
    .insert(notices)
    .values(told.map((channel) => ({ channel, kind: 'operator' as const, key, details: { operator: trouble }, state: 'pending' as const, createdAt: now })))
    .onConflictDoNothing()
}
