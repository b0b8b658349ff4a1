import * as fc from 'fast-check'
import { getTasks } from 'node-cron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { latestTickIn } from '../../src/queue/cron.ts'
import { latestTick, nextTick, startSchedule, validateCron, type Schedule, type ScheduleOptions } from '../../src/queue/schedule.ts'

const minute = 60_000
const at = (iso: string) => new Date(iso)

describe('the schedule', () => {
  const started: Schedule[] = []
  beforeEach(() => {
    vi.useFakeTimers({ now: at('2026-03-01T09:05:30.250Z') })
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map((schedule) => schedule.close()))
    vi.useRealTimers()
  })

  async function start(options: Partial<ScheduleOptions> & Pick<ScheduleOptions, 'onTick'>): Promise<Schedule> {
    const schedule = await startSchedule({
      name: 'sweep.test', expression: '*/10 * * * *', timezone: 'UTC', now: () => new Date(),
      lastTick: async () => at('2026-03-01T09:00:00Z'), log: createLog({ level: 'silent' }), ...options,
    })
    started.push(schedule)
    return schedule
  }
  const collect = () => {
    const ticks: string[] = []
    return { ticks, onTick: async (tick: Date) => { ticks.push(tick.toISOString()) } }
  }
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

  test('ticks at the scheduled minutes, with seconds at zero', async () => {
    const { ticks, onTick } = collect()
    await start({ onTick })
    await pass(4 * minute)
    expect(ticks).toEqual([])
    await pass(21 * minute)
    expect(ticks).toEqual(['2026-03-01T09:10:00.000Z', '2026-03-01T09:20:00.000Z', '2026-03-01T09:30:00.000Z'])
  })

  test('of two processes makes the same ticks', async () => {
    const [one, two] = [collect(), collect()]
    await start({ onTick: one.onTick })
    await pass(700)
    await start({ onTick: two.onTick })
    await pass(30 * minute)
    expect(two.ticks).toEqual(one.ticks)
    expect(one.ticks).toHaveLength(3)
  })

  test.each([
    ['one was missed', '2026-03-01T08:50:00Z', ['2026-03-01T09:00:00.000Z']],
    ['a hundred were missed', '2026-02-20T00:00:00Z', ['2026-03-01T09:00:00.000Z']],
    ['there never was one', null, ['2026-03-01T09:00:00.000Z']],
    ['none was missed', '2026-03-01T09:00:00Z', []],
    ['another clock is ahead', '2026-03-01T09:10:00Z', []],
  ])('makes up for the latest tick and no other when %s', async (_, last, expected) => {
    const { ticks, onTick } = collect()
    await start({ onTick, lastTick: async () => (last === null ? null : at(last)) })
    await pass(minute)
    expect(ticks).toEqual(expected)
  })

  test('makes up for the latest tick when the last one cannot be read: a repeat is harmless', async () => {
    const { ticks, onTick } = collect()
    await start({ onTick, lastTick: () => Promise.reject(new Error('database away')) })
    await pass(5 * minute)
    expect(ticks).toEqual(['2026-03-01T09:00:00.000Z', '2026-03-01T09:10:00.000Z'])
  })

  test('goes on after a handler that fails, and says so without its message', async () => {
    const lines: string[] = []
    const ticks: string[] = []
    const log = createLog({ level: 'info', destination: { write: (line) => { lines.push(line) } } })
    await start({
      log,
      onTick: async (tick) => {
        ticks.push(tick.toISOString())
        if (ticks.length < 3) throw new TypeError('acme-corp')
      },
    })
    await pass(30 * minute)
    expect(ticks).toHaveLength(3)
    expect(lines).toHaveLength(2)
    expect(lines.join('')).toContain('a tick failed; the next one tries again')
    expect(lines.join('')).not.toContain('acme')
  })

  test('goes on after a handler that throws before it returns a promise', async () => {
    let calls = 0
    await start({
      onTick: () => {
        calls += 1
        throw new Error('no')
      },
    })
    await pass(20 * minute)
    expect(calls).toBe(2)
  })

  test('never runs two handlers at once; of the ticks that wait the latest is run', async () => {
    const ticks: string[] = []
    const first = Promise.withResolvers<void>()
    let running = 0
    await start({
      expression: '* * * * *',
      lastTick: async () => at('2026-03-01T09:05:00Z'),
      onTick: async (tick) => {
        running += 1
        expect(running).toBe(1)
        ticks.push(tick.toISOString())
        if (ticks.length === 1) await first.promise
        running -= 1
      },
    })
    await pass(5 * minute)
    expect(ticks).toEqual(['2026-03-01T09:06:00.000Z'])
    first.resolve()
    await pass(minute)
    expect(ticks).toEqual(['2026-03-01T09:06:00.000Z', '2026-03-01T09:10:00.000Z', '2026-03-01T09:11:00.000Z'])
  })

  test('makes up for the latest tick, once, when the machine slept through some', async () => {
    const { ticks, onTick } = collect()
    await start({ onTick })
    // The clock jumps while the timer stands: what a suspended machine sees.
    vi.setSystemTime(at('2026-03-01T12:34:56Z'))
    await pass(10 * minute)
    expect(ticks).toEqual(['2026-03-01T12:30:00.000Z', '2026-03-01T12:40:00.000Z'])
  })

  test('is over once it is closed, after the tick at hand', async () => {
    const ticks: string[] = []
    const go = Promise.withResolvers<void>()
    const schedule = await start({
      onTick: async (tick) => {
        await go.promise
        ticks.push(tick.toISOString())
      },
    })
    await pass(5 * minute)
    const closing = schedule.close()
    expect(ticks).toEqual([])
    go.resolve()
    await closing
    expect(ticks).toEqual(['2026-03-01T09:10:00.000Z'])
    await pass(60 * minute)
    expect(ticks).toHaveLength(1)
    expect(getTasks().size, 'node-cron keeps no task of ours').toBe(0)
  })

  test('with an expression that is none does not start', async () => {
    await expect(start({ expression: 'every day', onTick: async () => {} })).rejects.toThrow(Invalid)
  })
})

describe('a cron expression', () => {
  test.each(['* * * * *', '*/10 * * * *', '0 6 * * *', '0 6 * * 1-5', '15,45 8-18/2 1 jan,jul *', '@hourly', '0 0 29 2 *', '0 0 L * *', '0 9 * * 1#1', '0 0 31 1,3 7'])(
    '%j is fine', (expression) => {
      expect(validateCron(expression)).toBeNull()
    })

  test.each([
    ['', /five fields/], ['* * * *', /five fields.*not 4/], ['0 * * * * *', /five fields.*not 6/], ['61 * * * *', /61 is not valid for the minute/],
    ['* 24 * * *', /hour/], ['* * 0 * *', /day of month/], ['* * * 13 *', /month/], ['* * * * 8', /week day/], ['every ten minutes * *', /./],
    ['0 0 30 2 *', /impossible/], ['0 0 29 2 1#1', /never comes/], ['@reboot', /./], ['*/0 * * * *', /minute/], ['1-99999999999 * * * *', /two digits/],
    ['; drop table', /./], [`${'1,'.repeat(60)}1 * * * *`, /100 characters/],
  ])('%j is refused, in words', (expression, words) => {
    expect(validateCron(expression)).toMatch(words)
  })

  test.each([
    ['*/10 * * * *', '2026-03-01T09:05:30Z', '2026-03-01T09:00:00Z', '2026-03-01T09:10:00Z'],
    ['*/10 * * * *', '2026-03-01T09:10:00Z', '2026-03-01T09:10:00Z', '2026-03-01T09:20:00Z'],
    ['0 6 * * *', '2026-03-01T05:59:59.999Z', '2026-02-28T06:00:00Z', '2026-03-01T06:00:00Z'],
    ['59 23 31 12 *', '2026-06-01T00:00:00Z', '2025-12-31T23:59:00Z', '2026-12-31T23:59:00Z'],
    ['0 0 29 2 *', '2026-06-01T00:00:00Z', '2024-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 29 2 *', '2098-01-01T00:00:00Z', '2096-02-29T00:00:00Z', '2104-02-29T00:00:00Z'],
    ['0 9 * * 1', '2026-03-01T00:00:00Z', '2026-02-23T09:00:00Z', '2026-03-02T09:00:00Z'],
    ['30 4 1 * *', '2026-03-01T04:29:00Z', '2026-02-01T04:30:00Z', '2026-03-01T04:30:00Z'],
  ])('%s around %s ticked last at %s and next at %s', (expression, time, last, next) => {
    expect(latestTick(expression, at(time))).toEqual(at(last))
    expect(nextTick(expression, at(time))).toEqual(at(next))
  })

  test.each([
    ['an ordinary day', '0 9 * * *', '2026-07-01T06:59:00Z', '2026-06-30T07:00:00Z'],
    ['an ordinary day', '0 9 * * *', '2026-07-01T07:00:00Z', '2026-07-01T07:00:00Z'],
    ['winter', '0 9 * * *', '2026-01-01T08:00:00Z', '2026-01-01T08:00:00Z'],
    ['a Monday that is still Sunday in Greenwich', '0 1 * * 1', '2026-07-05T23:00:00Z', '2026-07-05T23:00:00Z'],
    ['the minute before the hour that is lost', '30 2 * * *', '2026-03-29T00:59:00Z', '2026-03-28T01:30:00Z'],
    ['the minute after the hour that is lost', '30 2 * * *', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z'],
    ['the day of the hour that is lost', '30 2 * * *', '2026-03-29T20:00:00Z', '2026-03-29T01:00:00Z'],
    ['the first coming', '30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T00:30:00Z'],
    ['the second coming', '30 2 * * *', '2026-10-25T01:30:00Z', '2026-10-25T00:30:00Z'],
    ['the day of the hour that comes twice', '30 2 * * *', '2026-10-25T20:00:00Z', '2026-10-25T00:30:00Z'],
  ])('in Berlin, on %s: %s at %s ticked last at %s', (_, expression, time, last) => {
    expect(latestTickIn(expression, 'Europe/Berlin', at(time))).toEqual(at(last))
  })

  test('ticks once a day in a zone, whatever the night', () => {
    for (const [from, days] of [['2026-03-27T00:00:00Z', 4], ['2026-10-23T00:00:00Z', 4]] as const) {
      const ticks = new Set<number>()
      for (let n = 0; n < days * 24 * 60; n += 1) ticks.add(latestTickIn('30 2 * * *', 'Europe/Berlin', new Date(at(from).getTime() + n * minute))?.getTime() ?? 0)
      // The one before the first day too, and in the order in which they come a minute sees none but the newest.
      expect(ticks.size).toBe(days + 1)
    }
  })

  test('ticks where its next tick says, and nowhere between', () => {
    const field = (max: number, min = 0) => fc.oneof(
      fc.constant('*'), fc.integer({ min, max }).map(String), fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
      fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    )
    const expressions = fc.tuple(field(59), field(23), fc.constant('*'), fc.constant('*'), field(6)).map((fields) => fields.join(' '))
    const times = fc.date({ min: at('2020-01-01'), max: at('2030-01-01'), noInvalidDate: true })
    fc.assert(fc.property(expressions, times, (expression, time) => {
      expect(validateCron(expression)).toBeNull()
      const next = nextTick(expression, time)
      if (next === null) throw new Error('these all come within a week')
      expect(next.getTime()).toBeGreaterThan(time.getTime())
      expect(next.getTime() % minute).toBe(0)
      expect(latestTick(expression, next)).toEqual(next)
      const last = latestTick(expression, new Date(next.getTime() - 1))
      expect(last?.getTime()).toBeLessThanOrEqual(time.getTime())
    }), { numRuns: 60 })
  })

  test('leaves no task behind in node-cron', () => {
    nextTick('0 6 * * *', at('2026-03-01'))
    validateCron('0 6 * * *')
    expect(getTasks().size).toBe(0)
  })
})
