import { and, eq } from '../db/drizzle.ts'
import type { Json } from '../contracts/json.ts'
import type { Memory } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import { sourceMemory } from '../db/schema/index.ts'

/** The memory of one source, in the database: what one process learnt, all know. */
export function createSourceMemory(db: Db, source: string, now: () => Date): Memory {
  return {
    get: async (key) => {
      const [row] = await db.select({ value: sourceMemory.value }).from(sourceMemory).where(and(eq(sourceMemory.source, source), eq(sourceMemory.key, key)))
      return row?.value ?? null
    },
    set: async (key, value) => {
      const content = { value, changedAt: now() }
      await db.insert(sourceMemory).values({ source, key, ...content }).onConflictDoUpdate({ target: [sourceMemory.source, sourceMemory.key], set: content })
    },
  }
}

/** For commands that ask once and keep nothing. */
export function createForgetfulMemory(): Memory {
  const values = new Map<string, Json>()
  return {
    get: (key) => Promise.resolve(values.get(key) ?? null),
    set: (key, value) => {
      values.set(key, value)
      return Promise.resolve()
    },
  }
}
