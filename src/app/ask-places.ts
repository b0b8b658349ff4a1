import { setTimeout as wait } from 'node:timers/promises'
import { countDuePlaces } from '../findings/list-due-places.ts'
import { answering, enqueuePlaces } from '../jobs/enqueue-places.ts'
import type { App } from './open.ts'

interface AskOptions {
  readonly signal: AbortSignal
  readonly onProgress: (line: string) => void
  readonly pollMs?: number
}

/** How long nothing may move (a limit is used up, say), and how long all of it may take. */
const patienceMs = 60_000
const longestMs = 10 * 60_000

/**
 * Asks what is due about places: who brought them there and when, whether they are still public. Whoever calls it runs
 * the processes `attribute` and `recheck`. What is not done in time stays due, for `up` or the next sweep.
 * @returns places that are left, and whether it was interrupted
 */
export async function askPlaces(app: App, options: AskOptions): Promise<{ readonly left: number; readonly interrupted: boolean }> {
  await enqueuePlaces(app, 'attribute')
  await enqueuePlaces(app, 'recheck')
  const began = performance.now()
  let fewest = Infinity
  let moved = began
  for (;;) {
    const [attribute, recheck] = await Promise.all(
      (['attribute', 'recheck'] as const).map((question) => countDuePlaces(app.database.db, question, answering(app, question), app.now())),
    )
    const left = (attribute ?? 0) + (recheck ?? 0)
    const now = performance.now()
    if (left < fewest) [fewest, moved] = [left, now]
    if (left === 0 || now - moved > patienceMs || now - began > longestMs) return { left, interrupted: false }
    options.onProgress(`asking about places: ${attribute} for who and when, ${recheck} whether they are still public`)
    try {
      await wait(options.pollMs ?? 250, undefined, { signal: options.signal })
    } catch {
      return { left, interrupted: true }
    }
  }
}
