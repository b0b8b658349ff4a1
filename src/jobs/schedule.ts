import type { OpenSource } from '../contracts/source.ts'
import { latestTickIn, nextTick } from '../queue/cron.ts'
import { tellOperators } from '../notices/destination-health.ts'
import { escalate } from '../notices/escalate.ts'
import { closeBaseline } from '../notices/baseline.ts'
import { claimTick, lastTick } from '../runs/claim-tick.ts'
import { forgetOld } from '../runs/forget.ts'
import { interruptRuns } from '../runs/interrupt-runs.ts'
import { replanSource } from '../runs/replan.ts'
import { settleSource } from '../runs/settle-source.ts'
import { startRuns } from '../runs/start-runs.ts'
import { startSchedule, type Schedule } from '../queue/schedule.ts'
import { expireDismissals } from '../findings/expire-dismissals.ts'
import { expireSuppressions } from '../findings/expire-suppressions.ts'
import { indexMissing } from '../findings/index-words.ts'
import type { JobContext } from './context.ts'
import { enqueueDigests, enqueueNotices } from './enqueue-notices.ts'
import { enqueueClaims, planRegistries } from './enqueue-claims.ts'
import { enqueuePlaces } from './enqueue-places.ts'
import { enqueueClicks } from './slack.ts'
import { enqueueSteps } from './enqueue-steps.ts'
import { followInventory } from './follow-inventory.ts'

const minute = 60_000
/** A run older than this is not worth going on with: the world has changed under it. */
export const staleAfterMs = 24 * 60 * minute

/**
 * The clock of the service: sweeps of every source, digests, and once a minute the mending of what a crash left
 * between database and queue. Several schedulers may run: a tick is claimed in the database by one of them.
 */
export async function startClock(context: JobContext, settings: { readonly digest: string; readonly timezone: string }): Promise<{ close(): Promise<void> }> {
  const { now, log } = context
  await interruptRuns(context.database.db, { startedBefore: new Date(now().getTime() - staleAfterMs), now: now() })
  const everyMinute = async (tick: Date) => {
    await mend(context, tick)
    await tellDigest(context, settings)
  }
  await everyMinute(startOfMinute(now()))
  const schedules: Schedule[] = []
  for (const [source, open] of context.sources) {
    const name = `sweep.${source}`
    schedules.push(await startSchedule({
      name,
      expression: open.schedule,
      timezone: 'UTC',
      now,
      log,
      lastTick: () => lastTick(context.database.db, name),
      onTick: async (tick) => {
        const started = await context.database.db.transaction(async (tx) => {
          const before = await lastTick(tx, name)
          if (!(await claimTick(tx, name, tick, now()))) return []
          const settled = await settleSource(tx, source, open, now())
          // Another sample of names is due every day.
          if (!settled && before !== null && before.getUTCDate() !== tick.getUTCDate()) await replanSource(tx, source, open, now())
          return startRuns(tx, { source, tick, trigger: 'schedule', now: now(), budget: budgetUntil(open, tick) })
        })
        if (started.length > 0) log.info({ source, runs: started.length, tick: tick.toISOString() }, 'a sweep was started')
        await enqueueSteps(context)
      },
    }))
  }
  schedules.push(await startSchedule({
    name: 'mend',
    expression: '* * * * *',
    timezone: 'UTC',
    now,
    log,
    lastTick: () => Promise.resolve(null),
    onTick: everyMinute,
  }))
  return { close: async () => { await Promise.all(schedules.map((schedule) => schedule.close())) } }
}

/** What waits in the database and is not in the queue goes into the queue; what is in it already is ignored there. */
async function mend(context: JobContext, tick: Date): Promise<void> {
  await followInventory(context)
  for (const [source, open] of context.sources) await settleTrials(context, source, open, tick)
  await enqueueSteps(context, { createdBefore: new Date(context.now().getTime() - minute) })
  await planRegistries(context)
  await enqueueClaims(context)
  await expireSuppressions(context.database.db, { routing: context.routing, now: context.now() })
  await expireDismissals(context.database.db, { routing: context.routing, now: context.now() })
  await indexMissing(context.database.db, { most: 500 })
  await enqueuePlaces(context, 'attribute')
  await enqueuePlaces(context, 'recheck')
  await closeBaseline(context.database.db, context.routing, context.now())
  await escalate(context.database.db, context.routing, context.now())
  await tellOperators(context.database.db, context.routing, context.now())
  await enqueueNotices(context)
  await enqueueClicks(context)
  if (await claimTick(context.database.db, 'forget', startOfHour(tick), context.now())) await forgetOld(context.database.db, context.now())
}

/** Places are due that were born before the last tick: asked every minute, so that one that was missed, or held, is made up for. */
async function tellDigest(context: JobContext, { digest, timezone }: { readonly digest: string; readonly timezone: string }): Promise<void> {
  const tick = latestTickIn(digest, timezone, context.now())
  if (tick !== null) await enqueueDigests(context, tick)
}

/** A trial that has ended is judged within the minute: the summary of the first sweep waits for it. */
async function settleTrials(context: JobContext, source: string, open: OpenSource, tick: Date): Promise<void> {
  const { now } = context
  if (open.stems === undefined) return
  const started = await context.database.db.transaction(async (tx) => {
    if (!(await claimTick(tx, `settle.${source}`, tick, now())) || !(await settleSource(tx, source, open, now()))) return []
    return startRuns(tx, { source, tick, trigger: 'schedule', now: now(), budget: budgetUntil(open, tick) })
  })
  if (started.length > 0) await enqueueSteps(context)
}

function startOfHour(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / (60 * minute)) * 60 * minute)
}

function startOfMinute(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / minute) * minute)
}

/** Search requests that the source's limit allows until its next tick. */
export function budgetUntil({ schedule, limits }: Pick<OpenSource, 'schedule' | 'limits'>, tick: Date): number {
  const next = nextTick(schedule, tick) ?? new Date(tick.getTime() + 24 * 60 * minute)
  return Math.max(1, Math.floor(((next.getTime() - tick.getTime()) / limits.search.perMs) * limits.search.max))
}
