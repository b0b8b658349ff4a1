/** A watch, as far as it matters when it runs. */
export interface Due {
  readonly id: bigint
  /** Requests that its last run took. */
  readonly price: number
  /** Null: it never ran. */
  readonly dueAt: Date | null
  /** One of its names is public already, and as far as we know a stranger could claim it. */
  readonly urgent: boolean
}

/**
 * The watches to start now, the most pressing first, as many as the requests until the next tick pay for: what is
 * urgent and due, then what never ran, then the rest by due time. A due time comes for every watch (earliest deadline
 * first), so none starves; one that costs more than a whole budget is started alone.
 */
export function chooseDue(watches: readonly Due[], budget: number, now: Date): readonly bigint[] {
  const ordered = [...watches].sort((a, b) => rank(a, now) - rank(b, now) || time(a) - time(b) || (a.id < b.id ? -1 : 1))
  const chosen: bigint[] = []
  let left = budget
  for (const { id, price } of ordered) {
    if (price > left && (chosen.length > 0 || left <= 0)) continue
    chosen.push(id)
    left -= price
  }
  return chosen
}

function rank({ urgent, dueAt }: Due, now: Date): number {
  if (urgent && (dueAt === null || dueAt <= now)) return 0
  return dueAt === null ? 1 : 2
}

function time({ dueAt }: Due): number {
  return dueAt?.getTime() ?? 0
}

const hour = 3_600_000

/**
 * When a watch is due again. What brings news comes sooner, what is dear comes later; at the least after an hour, at
 * the latest after four days. Where the budget allows more, watches run earlier: due times set an order.
 */
export function nextDue({ startedAt, price, yields, urgent }: { readonly startedAt: Date; readonly price: number; readonly yields: number; readonly urgent: boolean }): Date {
  const hours = urgent ? 1 : (24 * Math.sqrt(Math.max(1, price))) / (1 + yields)
  return new Date(startedAt.getTime() + Math.min(96, Math.max(1, hours)) * hour)
}

/** New places that a run brings, the past counting half. */
export function learnYield(before: number, newPlaces: number): number {
  return (before + newPlaces) / 2
}
