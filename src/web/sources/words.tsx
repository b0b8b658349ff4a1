import type { RunRow, SourceRow } from '../../api/contract.ts'
import { Badge, type Tone } from '../parts/badge.tsx'

export type Outcome = NonNullable<RunRow['outcome']>
const tones: Readonly<Record<Outcome, Tone>> = { complete: 'good', partial: 'medium', throttled: 'high', failed: 'critical', interrupted: 'high' }
const words: Readonly<Record<Outcome, string>> = { complete: 'Complete', partial: 'Partial', throttled: 'Throttled', failed: 'Failed', interrupted: 'Interrupted' }

/** What became of a run. A failed request is never "no results". */
export function OutcomeBadge({ outcome }: { readonly outcome: Outcome | null }) {
  return outcome === null ? <Badge tone="accent">Going on</Badge> : <Badge tone={tones[outcome]}>{words[outcome]}</Badge>
}

export const outcomes = ['complete', 'partial', 'throttled', 'failed', 'interrupted', 'never'] as const

/** In words, most telling first: 40 complete, 2 failed, 1 never run. */
export function countsInWords(byOutcome: SourceRow['byOutcome']): string {
  const parts = outcomes.flatMap((outcome) => ((byOutcome[outcome] ?? 0) === 0 ? [] : [`${byOutcome[outcome]} ${outcome === 'never' ? 'never run' : outcome}`]))
  return parts.length === 0 ? 'no queries' : parts.join(', ')
}

export function triggerWords(trigger: RunRow['trigger']): string {
  return { schedule: 'on schedule', sweep: 'by a sweep', person: 'asked for by a person' }[trigger]
}
