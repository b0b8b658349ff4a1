/** Totals by labels: `[...labels].join(' ')` to the numbers that are summed. */
export type Totals = ReadonlyMap<string, readonly number[]>

/** Counts the rows whose time lies behind `from` (null: from the beginning) and at or before `to` (null: to the end). */
export type CountBetween = (from: Date | null, to: Date | null) => Promise<Totals>

export interface Tally {
  read(now: Date): Promise<Totals>
}

/** Rows that are older do not change any more, and none that is older is still to come: no transaction takes as long. */
const settledAfterMs = 15 * 60_000

/**
 * Totals over rows that only grow, cheap however many there are: what is settled is counted once and remembered in
 * this process, what is younger is counted anew at each reading. A restart counts everything once more, and comes to the
 * same.
 */
export function createTally(countBetween: CountBetween): Tally {
  let mark: Date | null = null
  let settled: Totals = new Map()
  let turn: Promise<unknown> = Promise.resolve()
  async function read(now: Date): Promise<Totals> {
    const boundary = new Date(now.getTime() - settledAfterMs)
    if (mark === null || boundary > mark) {
      settled = add(settled, await countBetween(mark, boundary))
      mark = boundary
    }
    return add(settled, await countBetween(mark, null))
  }
  return {
    // One after the other: two at once would count the same stretch twice.
    read(now) {
      const mine = turn.then(() => read(now))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}

function add(one: Totals, other: Totals): Totals {
  const sum = new Map(one)
  for (const [labels, numbers] of other) {
    const before = sum.get(labels)
    sum.set(labels, numbers.map((number, at) => number + (before?.[at] ?? 0)))
  }
  return sum
}
