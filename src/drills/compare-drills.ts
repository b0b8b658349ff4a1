import { judgeDrill, type DrillFacts, type DrillVerdict } from './judge-drill.ts'

export const drillTimes = ['secondsToFound', 'secondsToAlerted', 'secondsToAcknowledged', 'secondsToCleaned'] as const
export type DrillTime = (typeof drillTimes)[number]

export interface ComparedDrill extends DrillVerdict {
  readonly id: string
  readonly identifier: string
  readonly ecosystem: string | null
  readonly startedAt: string
  readonly plantedAt: string | null
  readonly plantedUrl: string | null
  readonly foundAt: string | null
  readonly foundBy: string | null
  readonly alertedAt: string | null
  readonly acknowledgedAt: string | null
  readonly acknowledgedBy: string | null
  readonly cleanedAt: string | null
  readonly endedAt: string | null
  readonly findingId: string | null
  /** Seconds more (slower) or fewer (faster) than in the drill before that has this time; null: there is none, or it is not known here. */
  readonly change: Readonly<Record<DrillTime, number | null>>
}

export interface DrillReport {
  /** Oldest first. */
  readonly drills: readonly ComparedDrill[]
  /** Over the drills that have the time; null: none has. */
  readonly median: Readonly<Record<DrillTime, number | null>>
  readonly outcomes: Readonly<Record<DrillVerdict['outcome'], number>>
}

/** Drills over time: how long each step took, what changed since the one before, medians. Pure. */
export function compareDrills(all: readonly DrillFacts[], now: Date): DrillReport {
  const last: Partial<Record<DrillTime, number>> = {}
  const drills = [...all].sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime() || Number(a.id) - Number(b.id)).map((facts): ComparedDrill => {
    const verdict = judgeDrill(facts, now)
    const change = perTime((time) => {
      const [here, before] = [verdict[time], last[time]]
      if (here !== null) last[time] = here
      return here === null || before === undefined ? null : here - before
    })
    const { id, identifier, ecosystem, plantedUrl, foundBy, acknowledgedBy, findingId } = facts
    return {
      id, identifier, ecosystem, ...verdict,
      startedAt: facts.startedAt.toISOString(), plantedAt: iso(facts.plantedAt), plantedUrl,
      foundAt: iso(facts.foundAt), foundBy, alertedAt: iso(facts.alertedAt),
      acknowledgedAt: iso(facts.acknowledgedAt), acknowledgedBy, cleanedAt: iso(facts.cleanedAt ?? facts.resolvedAt), endedAt: iso(facts.endedAt), findingId, change,
    }
  })
  const outcomes = { running: 0, passed: 0, failed: 0, 'could-not-tell': 0, abandoned: 0 }
  for (const { outcome } of drills) outcomes[outcome] += 1
  return { drills, median: perTime((time) => median(drills.flatMap((drill) => drill[time] ?? []))), outcomes }
}

function perTime<Value>(of: (time: DrillTime) => Value): Record<DrillTime, Value> {
  return { secondsToFound: of('secondsToFound'), secondsToAlerted: of('secondsToAlerted'), secondsToAcknowledged: of('secondsToAcknowledged'), secondsToCleaned: of('secondsToCleaned') }
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  if (upper === undefined) return null
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper
  return (lower + upper) / 2
}

function iso(moment: Date | null): string | null {
  return moment?.toISOString() ?? null
}
