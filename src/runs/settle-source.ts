import type { OpenSource } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import { drawLessons } from './learn.ts'
import { replanSource } from './replan.ts'

/**
 * Draws the lessons of what was swept; when a trial has ended or a stem lost its trust, the source is planned anew.
 * True when it was: the new plan may ask for what nobody asked for yet.
 */
export async function settleSource(db: Db, id: string, source: OpenSource, now: Date): Promise<boolean> {
  if (source.stems === undefined) return false
  const { trialsEnded, demoted } = await drawLessons(db, id, source.stems, now)
  if (trialsEnded === 0 && demoted === 0) return false
  await replanSource(db, id, source, now)
  return true
}
