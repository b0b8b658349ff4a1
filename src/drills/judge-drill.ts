import type { DrillLooks } from '../db/schema/index.ts'

/** What is known of a drill. Pure data; `read-drills.ts` fills it. */
export interface DrillFacts {
  readonly id: string
  readonly identifier: string
  readonly ecosystem: string | null
  readonly startedBy: string
  readonly startedAt: Date
  readonly findWithinSeconds: number
  readonly acknowledgeWithinSeconds: number
  readonly plantedAt: Date | null
  readonly plantedUrl: string | null
  readonly endedAt: Date | null
  readonly findingId: string | null
  readonly foundAt: Date | null
  /** Source that found it first. */
  readonly foundBy: string | null
  /** The first alert that a channel took. */
  readonly alertedAt: Date | null
  readonly alertedOn: string | null
  /** Alerts that were refused for good, and alerts that still wait. */
  readonly deadAlerts: number
  readonly waitingAlerts: number
  readonly acknowledgedAt: Date | null
  readonly acknowledgedBy: string | null
  readonly resolvedAt: Date | null
  /** No place of it is public any more, as a recheck saw. */
  readonly cleanedAt: Date | null
  readonly looks: DrillLooks
}

export type DrillStep = 'planted' | 'found' | 'alerted' | 'acknowledged'

/** `could-not-tell`: no complete run looked, so that "not found" would be no answer. `abandoned`: it was ended before its time was over. */
export type DrillOutcome = 'running' | 'passed' | 'failed' | 'could-not-tell' | 'abandoned'

export interface DrillVerdict {
  readonly outcome: DrillOutcome
  /** The step that is waited for, or at which it ended; null: all were made in time. */
  readonly step: DrillStep | null
  /** In words; never empty. */
  readonly why: string
  /** Since the planting; null: not known (yet). */
  readonly secondsToFound: number | null
  readonly secondsToAlerted: number | null
  readonly secondsToAcknowledged: number | null
  readonly secondsToCleaned: number | null
}

/** How a drill stands at a moment: every step in its time, or the first that was not. */
export function judgeDrill(facts: DrillFacts, now: Date): DrillVerdict {
  const since = (moment: Date | null): number | null =>
    moment === null || facts.plantedAt === null ? null : Math.round((moment.getTime() - facts.plantedAt.getTime()) / 1_000)
  return {
    ...judgeSteps(facts, facts.endedAt ?? now),
    secondsToFound: since(facts.foundAt),
    secondsToAlerted: since(facts.alertedAt),
    secondsToAcknowledged: since(facts.acknowledgedAt),
    secondsToCleaned: since(facts.cleanedAt ?? facts.resolvedAt),
  }
}

type Judged = Pick<DrillVerdict, 'outcome' | 'step' | 'why'>

function judgeSteps(facts: DrillFacts, at: Date): Judged {
  const { plantedAt, foundAt, alertedAt, acknowledgedAt, findWithinSeconds, acknowledgeWithinSeconds } = facts
  const isEnded = facts.endedAt !== null
  const unfinished = (step: DrillStep, why: string): Judged => ({ outcome: isEnded ? 'abandoned' : 'running', step, why })
  if (plantedAt === null) {
    return unfinished('planted', foundAt === null ? 'nobody has said that the name was planted' : 'it was found, but nobody has said when the name was planted: no time can be told')
  }
  const findBy = after(plantedAt, findWithinSeconds)
  if (foundAt === null) return at < findBy ? unfinished('found', `not found yet; ${inWords(facts.looks)}`) : judgeUnfound(facts)
  if (foundAt > findBy) return { outcome: 'failed', step: 'found', why: `found too late: ${times(plantedAt, foundAt, findWithinSeconds)}` }
  const tellBy = after(foundAt, acknowledgeWithinSeconds)
  if (alertedAt === null) {
    const why = facts.deadAlerts > 0 ? 'the channel refused the alert for good' : facts.waitingAlerts > 0 ? 'the alert still waits to be sent' : 'no channel was to hear of it'
    return at < tellBy && facts.deadAlerts === 0 ? unfinished('alerted', why) : { outcome: 'failed', step: 'alerted', why }
  }
  if (alertedAt > tellBy) return { outcome: 'failed', step: 'alerted', why: `told too late: ${times(foundAt, alertedAt, acknowledgeWithinSeconds)}` }
  const answerBy = after(alertedAt, acknowledgeWithinSeconds)
  if (acknowledgedAt === null) {
    return at < answerBy ? unfinished('acknowledged', 'nobody has acknowledged it yet') : { outcome: 'failed', step: 'acknowledged', why: `nobody acknowledged it within ${duration(acknowledgeWithinSeconds)} of the alert` }
  }
  if (acknowledgedAt > answerBy) return { outcome: 'failed', step: 'acknowledged', why: `acknowledged too late: ${times(alertedAt, acknowledgedAt, acknowledgeWithinSeconds)}` }
  return { outcome: 'passed', step: null, why: 'found, told and acknowledged in time' }
}

/** "Not found" is an answer only when somebody looked. */
function judgeUnfound({ looks, findWithinSeconds }: DrillFacts): Judged {
  const within = `within ${duration(findWithinSeconds)} of the planting`
  if (looks.sources.length === 0) return { outcome: 'could-not-tell', step: 'found', why: `no source was asked for the name ${within}` }
  if (looks.complete === 0) return { outcome: 'could-not-tell', step: 'found', why: `no sweep that began after the planting was complete ${within}; ${inWords(looks)}` }
  return { outcome: 'failed', step: 'found', why: `not found ${within}, although ${inWords(looks)}` }
}

function inWords({ complete, incomplete, sources }: DrillLooks): string {
  if (sources.length === 0) return 'no source is asked for it'
  const others = Object.entries(incomplete).map(([outcome, number]) => `${number} ${outcome}`)
  const runs = [`${complete} complete ${complete === 1 ? 'run' : 'runs'}`, ...others].join(', ')
  return `${runs} of ${sources.join(', ')} looked since`
}

function after(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1_000)
}

function times(from: Date, to: Date, allowed: number): string {
  return `after ${duration(Math.round((to.getTime() - from.getTime()) / 1_000))}, ${duration(allowed)} were allowed`
}

/** `45 s`, `12 min`, `3.5 h`, `2 d`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${round(seconds / 3_600)} h` : `${round(seconds / 86_400)} d`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
