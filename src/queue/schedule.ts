import { createTask, parse, validateDetailed, type Logger, type ScheduledTask } from 'node-cron'
import { Invalid } from '../errors.ts'
import type { Log } from '../log.ts'

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
  return new Date(Math.floor(date.getTime() / minuteMs) * minuteMs)
}

/** node-cron would print to the console; what matters is logged here. */
const silent: Logger = { info: nothing, warn: nothing, error: nothing, debug: nothing }
function nothing(): void {}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** 29 February on a given weekday comes every 28 years, 40 across a century without a leap day. */
const horizonDays = 41 * 366

/** What is wrong with a cron expression, in words for the person who wrote it; null: nothing. */
export function validateCron(expression: string): string | null {
  if (expression.length > 100) return 'a cron expression has at most 100 characters'
  // node-cron writes ranges out: 0-9999999999 would never end.
  if (/\d{3}/.test(expression)) return 'the numbers of a cron expression have at most two digits'
  const fields = expression.trim().split(/\s+/).length
  if (fields !== 5 && !expression.trim().startsWith('@')) return `a cron expression has five fields (minute, hour, day of month, month, day of week), not ${fields}`
  const { valid, errors } = validateDetailed(expression)
  if (!valid) return errors.map(({ message }) => message.replace(' is a invalid expression for ', ' is not valid for the ')).join('; ')
  return nextTick(expression, new Date(0)) === null ? 'this day never comes: day of month and day of week have to match both' : null
}

/** The last tick at or before a time, in UTC; null when there is none within 41 years. @param expression a valid one */
export function latestTick(expression: string, before: Date): Date | null {
  return findTick(expression, before, -1)
}

/** The first tick after a time, in UTC; null when there is none within 41 years. @param expression a valid one */
export function nextTick(expression: string, after: Date): Date | null {
  return findTick(expression, after, 1)
}

/** Walks day by day; which day matches is node-cron's own judgement, so that both clocks agree on L, W and #. */
function findTick(expression: string, from: Date, direction: 1 | -1): Date | null {
  const times = timesOfDay(expression)
  if (direction === -1) times.reverse()
  const [first] = times
  if (first === undefined) return null
  const task = createTask(expression, nothing, { timezone: 'UTC', logger: silent })
  try {
    const today = Math.floor(from.getTime() / dayMs) * dayMs
    for (let day = 0; day <= horizonDays; day += 1) {
      const midnight = today + direction * day * dayMs
      if (!task.match(new Date(midnight + first))) continue
      const time = times.find((ms) => (direction === 1 ? midnight + ms > from.getTime() : midnight + ms <= from.getTime()))
      if (time !== undefined) return new Date(midnight + time)
    }
    return null
  } finally {
    discard(task)
  }
}

/** Milliseconds since midnight of every tick on a day that has ticks, in order. */
function timesOfDay(expression: string): number[] {
  const { hour, minute } = parse(expression)
  const times = new Set(hour.flatMap((h) => minute.map((m) => h * hourMs + m * minuteMs)))
  return [...times].sort((a, b) => a - b)
}

/** node-cron keeps every task it made until it is destroyed. */
function discard(task: ScheduledTask): void {
  void task.destroy()
}
