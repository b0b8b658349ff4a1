import { setTimeout as wait } from 'node:timers/promises'
import { makeDue } from '../claims/make-due.ts'
import { summariseClaims, type ClaimsSummary } from '../claims/summarise-claims.ts'
import { Invalid } from '../errors.ts'
import { listDue } from '../notices/list-due.ts'
import { enqueueClaims, planRegistries } from '../jobs/enqueue-claims.ts'
import { closeTogether, consumers } from './consumers.ts'
import type { App } from './open.ts'

export interface AskOptions {
  readonly signal: AbortSignal
  readonly onProgress: (line: string) => void
  /** Milliseconds between two looks at the progress. */
  readonly pollMs?: number
}

/** How long is waited for a registry that answers nothing. */
const patienceMs = 60_000

/**
 * Waits until every registry that answers has been asked for what is due; false when interrupted. The second look at an
 * absent name is due ten minutes later: the service, or the next sweep, makes it.
 */
export async function untilAsked(app: App, options: AskOptions): Promise<boolean> {
  if (app.registries.size === 0) return true
  await planRegistries(app)
  let last = ''
  let moved = performance.now()
  for (;;) {
    const waiting = await enqueueClaims(app)
    const { asked, requests, due } = await summariseClaims(app.database.db, [...app.registries.keys()], app.now())
    if (waiting === 0) return true
    const state = `${requests} ${due}`
    if (state !== last) [last, moved] = [state, performance.now()]
    // A registry that asks to wait is asked later: by `up`, or by the next sweep.
    if (performance.now() - moved > patienceMs) return true
    options.onProgress(`asking the registries: ${asked} names told, ${due} to go`)
    if (!(await pause(options))) return false
  }
}

/** What a channel does not take in time stays in the outbox. */
async function untilTold(app: App, options: AskOptions): Promise<boolean> {
  const began = performance.now()
  while (app.notifiers.size > 0 && performance.now() - began < patienceMs) {
    if ((await listDue(app.database.db, { routing: app.routing, now: app.now(), digest: false })).length === 0) return true
    options.onProgress('telling the news')
    if (!(await pause(options))) return false
  }
  return true
}

async function pause({ pollMs, signal }: AskOptions): Promise<boolean> {
  try {
    await wait(pollMs ?? 250, undefined, { signal })
    return true
  } catch {
    return false
  }
}

/** Asks now for every name that may be asked for, due or not, and tells the news that this brings. */
export async function checkClaims(app: App, options: AskOptions): Promise<ClaimsSummary & { readonly interrupted: boolean }> {
  if (app.registries.size === 0) throw new Invalid([{ where: app.config.where, key: 'registries', expected: 'no registry is configured, so nobody would be asked' }])
  await planRegistries(app)
  await makeDue(app.database.db, { now: app.now() })
  const workers = await closeTogether([consumers.claims(app), consumers.notify(app)])
  try {
    const interrupted = !(await untilAsked(app, options)) || !(await untilTold(app, options))
    return { ...(await summariseClaims(app.database.db, [...app.registries.keys()], app.now())), interrupted }
  } finally {
    await workers.close()
  }
}
