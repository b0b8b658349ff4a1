import type { events, EventVerb } from '../db/schema/index.ts'

/** What was done, behind the name of who did it. */
const words: Readonly<Record<EventVerb, string>> = {
  found: 'found it',
  acknowledged: 'acknowledged it',
  resolved: 'resolved it',
  dismissed: 'dismissed it',
  reopened: 'reopened it',
  assigned: 'assigned it',
  commented: 'commented on it',
  suppressed: 'suppressed places of it',
  unsuppressed: 'took suppressions of it back',
  'recheck-requested': 'asked for a recheck of it',
  'place-added': 'found a further place of it',
  'place-returned': 'found a place of it again',
  'place-gone': 'saw a place of it gone',
  dated: 'dated it',
  proposed: 'proposed it as resolved',
  'proposal-withdrawn': 'withdrew the proposal to resolve it',
  reassessed: 'changed its severity',
}

/** `Ann dismissed it 2 minutes ago (not-ours)`: for whoever comes too late. */
export function describeEvent({ verb, actor, reason, at }: Pick<typeof events.$inferSelect, 'verb' | 'actor' | 'reason' | 'at'>, now: Date): string {
  return `${actor} ${words[verb]} ${ago(now.getTime() - at.getTime())}${reason === null ? '' : ` (${reason.slice(0, 200)})`}`
}

const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]] as const

function ago(ms: number): string {
  for (const [unit, length] of units) {
    const count = Math.floor(ms / length)
    if (count > 0) return `${count} ${unit}${count === 1 ? '' : 's'} ago`
  }
  return 'just now'
}
