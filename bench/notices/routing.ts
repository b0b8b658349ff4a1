import type { Routing } from '../../src/contracts/routing.ts'

/** Everybody hears everything, each alert by itself: what is measured is delivery. */
export function routingOf(names: readonly string[]): Routing {
  return { destinations: names.map((name) => ({ name, alertsOnly: false })), rules: [], quietHours: null, storm: { more: Number.POSITIVE_INFINITY, withinMs: 60_000 }, escalate: [] }
}
