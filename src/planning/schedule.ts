const hour = 3_600_000

/** A watch, as far as it matters when it runs. */
export interface Due {
  readonly id: bigint
  /** Requests that its last run took. */
  readonly price: number
  /** When it is due; of one that never ran, since when it waits. */
  readonly dueAt: Date
  /** `urgent`: one of its names is public already, and worth a stranger's while. `new`: it never ran. */
  readonly kind: 'urgent' | 'new' | 'usual'
}

/** Hours by which a watch counts as due earlier than it is: an order, not a right to starve the others for ever. */
const head = { urgent: 96, new: 48, usual: 0 } as const

/**
 * The watches to start now, the most pressing first, as many as the requests until the next tick pay for: what is
 * urgent and due, then what never ran, then the rest by due time (earliest deadline first, so that none starves). What
 * comes first is started even if it costs more than the budget: the next ticks pay for it. What fits beside it is filled in.
 */
export function chooseDue(watches: readonly Due[], budget: number, now: Date): readonly bigint[] {
  const ordered = watches.map((watch) => ({ ...watch, deadline: deadlineOf(watch, now) })).sort((a, b) => a.deadline - b.deadline || (a.id < b.id ? -1 : 1))
  const chosen: bigint[] = []
  let left = budget
  for (const { id, price } of ordered) {
    if (left <= 0 || (price > left && chosen.length > 0)) continue
    chosen.push(id)
    left -= price
  }
  return chosen
}

function deadlineOf({ kind, dueAt }: Due, now: Date): number {
  const due = dueAt.getTime()
  // What is urgent and not due yet ran within the hour.
  return kind === 'urgent' && dueAt > now ? due : due - head[kind] * hour
}

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
