import { and, eq, gte, inArray, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { processes } from '../db/schema/index.ts'

/** After this long without a beat a process counts as gone. */
const goneAfterMs = 60_000

interface Process {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly startedAt: Date
}

/** "I am alive", for each part of the service in this process; forgets those that went silent a day ago. */
export async function beat(db: Db, rows: readonly Process[], now: Date): Promise<void> {
  for (const row of rows) {
    await db
      .insert(processes)
      .values({ ...row, beatAt: now })
      .onConflictDoUpdate({ target: processes.id, set: { beatAt: now } })
  }
  await db.delete(processes).where(lt(processes.beatAt, new Date(now.getTime() - 24 * 3_600_000)))
}

/** A process that ended in order. */
export async function leave(db: Db, ids: readonly string[]): Promise<void> {
  await db.delete(processes).where(inArray(processes.id, [...ids]))
}

/** Processes of this name that live. */
export async function alive(db: Db, name: string, now: Date): Promise<readonly { readonly id: string; readonly host: string; readonly beatAt: Date }[]> {
  return db
    .select({ id: processes.id, host: processes.host, beatAt: processes.beatAt })
    .from(processes)
    .where(and(eq(processes.name, name), gte(processes.beatAt, new Date(now.getTime() - goneAfterMs))))
    .orderBy(processes.id)
}

/** Processes of the last day, by name; those that were stopped in order are gone. */
export async function listProcesses(db: Db, now: Date): Promise<readonly { readonly name: string; readonly host: string; readonly startedAt: Date; readonly beatAt: Date; readonly alive: boolean }[]> {
  const rows = await db.select().from(processes).orderBy(processes.name, processes.id)
  return rows.map(({ name, host, startedAt, beatAt }) => ({ name, host, startedAt, beatAt, alive: beatAt.getTime() >= now.getTime() - goneAfterMs }))
}
