import { createTask } from 'node-cron'
import { Invalid } from '../errors.ts'
import type { Log } from '../log.ts'
import { latestTick, silent, validateCron } from './cron.ts'

export { latestTick, nextTick, validateCron } from './cron.ts'

export interface ScheduleOptions {
  /** For log lines. */
  readonly name: string
  /** Five cron fields: minute, hour, day of month, month, day of week. Both day fields have to match. */
  readonly expression: string
  readonly timezone: 'UTC'
  readonly now: () => Date
  /** Gets the scheduled minute. It may get the same tick as other schedulers, and one it had before a restart. */
  readonly onTick: (tick: Date) => Promise<void>
  /** The latest tick that was handled by any scheduler; null: never one. */
  readonly lastTick: () => Promise<Date | null>
  readonly log: Log
}

export interface Schedule {
  /** No tick starts after this; resolves when the one at hand is through. */
  close(): Promise<void>
}

/**
 * The clock, driven by node-cron. A tick is the scheduled minute, so several schedulers derive the same one.
 *
 * - At the start, ticks that were missed since `lastTick` are made up for by one: the latest. Never handled before,
 *   or impossible to tell: the latest is made up for too, since a repeat is harmless and a miss is not.
 * - A tick that comes while another is at work waits; of several that wait only the latest stays.
 * - A handler that fails is logged, and the next tick is its retry.
 * @throws Invalid for an expression that `validateCron` refuses
 */
export async function startSchedule(options: ScheduleOptions): Promise<Schedule> {
  const { name, expression, now, lastTick, log } = options
  const fault = validateCron(expression)
  if (fault !== null) throw new Invalid(`schedule ${name}: ${fault}`)
  const ticks = new Ticks(options)
  const task = createTask(expression, ({ date }) => ticks.add(date), { timezone: options.timezone, logger: silent, suppressMissedWarning: true })
  // A process that was busy or asleep at the minute: late is better than never.
  task.on('execution:missed', ({ date }) => ticks.add(date))
  void task.start()
  const latest = latestTick(expression, now())
  if (latest !== null && (await isMissed(latest, lastTick, { name, log }))) ticks.add(latest)
  return {
    close: async () => {
      void task.destroy()
      await ticks.close()
    },
  }
}

async function isMissed(latest: Date, lastTick: () => Promise<Date | null>, { name, log }: Pick<ScheduleOptions, 'name' | 'log'>): Promise<boolean> {
  try {
    const last = await lastTick()
    return last === null || last < latest
  } catch {
    log.warn({ schedule: name }, 'the last tick of a schedule could not be read; the latest is made up for')
    return true
  }
}

/** Runs ticks one at a time, in order, each once. */
class Ticks {
  readonly #options: ScheduleOptions
  #seen: Date | null = null
  #waiting: Date | null = null
  #working: Promise<void> | null = null
  #closed = false
  constructor(options: ScheduleOptions) {
    this.#options = options
  }

  add(date: Date): void {
    const tick = startOfMinute(date)
    if (this.#closed || isAtOrBefore(tick, this.#seen) || isAtOrBefore(tick, this.#waiting)) return
    this.#waiting = tick
    this.#working ??= this.#work()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#working
  }

  async #work(): Promise<void> {
    // After a sleep node-cron reports all missed ticks in one go: let the last of them come in first.
    await new Promise((resolve) => { setImmediate(resolve) })
    while (this.#waiting !== null && !this.#closed) {
      const tick = this.#waiting
      this.#seen = tick
      this.#waiting = null
      await this.#run(tick)
    }
    this.#working = null
  }

  async #run(tick: Date): Promise<void> {
    const { name, log, onTick } = this.#options
    try {
      await onTick(tick)
    } catch (error) {
      log.error({ schedule: name, tick: tick.toISOString(), error: error instanceof Error ? error.name : 'unknown' }, 'a tick failed; the next one tries again')
    }
  }
}

function isAtOrBefore(tick: Date, other: Date | null): boolean {
  return other !== null && tick <= other
}

function startOfMinute(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 60_000) * 60_000)
}
