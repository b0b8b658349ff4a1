import type { Claimable, ClaimState, PackageFacts, RegistryAnswer } from '../contracts/registry.ts'
import type { ClaimNews } from '../db/schema/claims.ts'
import { isAtOrAbove } from '../evidence/signals.ts'

/** What was told before. */
export interface Before {
  readonly state: ClaimState
  readonly facts: PackageFacts | null
  readonly firstAbsentAt: Date | null
  /** Somebody held the name when a registry last knew: us, the registry itself, or a stranger; and it was not told free since. */
  readonly held: boolean
}

export interface Circumstances {
  /** The name is known to be public. */
  readonly leaked: boolean
  readonly ourVersion: string | null
  /** The signs of an attack add up. */
  readonly suspicious: boolean
  readonly now: Date
}

export interface Verdict {
  readonly state: ClaimState
  readonly claimable: Claimable
  readonly why: string
  readonly firstAbsentAt: Date | null
  readonly news: ClaimNews | null
  readonly dueAt: Date
}

const minute = 60_000
const day = 24 * 60 * minute

/** A second look so long after the first: what was only a hiccup of a registry is over by then. Milliseconds. */
export const secondLookMs = 10 * minute
/** A check that could not tell is made again after this. Milliseconds. */
export const failedAgainMs = 60 * minute

/**
 * What an answer makes of a claim. A name is `claimable: yes` only when two clean absences in a row, at least ten
 * minutes apart, say so, each after the checks of namespace and likeness. Pure.
 */
export function judge(before: Before, answer: RegistryAnswer, about: Circumstances): Verdict {
  const absent = answer.state === 'unclaimed'
  const firstAbsentAt = absent ? (before.firstAbsentAt ?? about.now) : null
  const agreed = firstAbsentAt !== null && about.now.getTime() - firstAbsentAt.getTime() >= secondLookMs
  const waits = absent && !agreed && (answer.claimable === 'yes' || answer.doubtful === true)
  const verdict = {
    state: waits && answer.doubtful === true ? ('unknown' as const) : answer.state,
    claimable: waits ? ('unknown' as const) : answer.claimable,
    why: waits ? `${answer.why}; asked once: a second look, ten minutes later, has to agree` : answer.why,
    firstAbsentAt,
  }
  const dueAt = waits ? new Date(firstAbsentAt?.getTime() ?? 0) : null
  return {
    ...verdict,
    news: newsOf(before, answer, about) ?? (verdict.claimable === 'yes' && before.held && about.leaked ? 'freed' : null),
    dueAt: dueAt === null ? dueAfter(verdict, answer, about) : new Date(dueAt.getTime() + secondLookMs),
  }
}

/**
 * When it is asked next, by risk.
 *
 * | what was told                                     | asked again after |
 * | ------------------------------------------------- | ----------------- |
 * | absent, a second look has to agree                | 10 minutes        |
 * | free, or perhaps free, and leaked                 | a day             |
 * | taken by a stranger, suspicious or lately changed | a day             |
 * | blocked until a time                              | at that time      |
 * | everything else                                   | a week            |
 */
function dueAfter(verdict: Pick<Verdict, 'state' | 'claimable'>, answer: RegistryAnswer, { leaked, suspicious, now }: Circumstances): Date {
  if (answer.until !== undefined) return new Date(Math.max(Date.parse(answer.until), now.getTime() + minute))
  const open = verdict.state === 'unknown' || (verdict.state === 'unclaimed' && verdict.claimable !== 'no')
  const published = answer.facts?.publishedAt ?? null
  const restless = verdict.state === 'stranger' && (suspicious || published === null || now.getTime() - Date.parse(published) < 90 * day)
  return new Date(now.getTime() + ((open && leaked) || restless ? day : 7 * day))
}

/** What a stranger does and nobody may sleep through. A package that is news already is news again when it crosses the next line. */
function newsOf(before: Before, { state, facts }: RegistryAnswer, { ourVersion }: Circumstances): ClaimNews | null {
  if (state !== 'stranger') return null
  if (before.state !== 'stranger') return 'taken'
  if (facts === null || facts.version === before.facts?.version) return null
  if (isAtOrAbove(facts.version, ourVersion) && !isAtOrAbove(before.facts?.version ?? null, ourVersion)) return 'version-above'
  return facts.installTimeCode !== null && (before.facts?.installTimeCode ?? null) === null ? 'install-time-code' : null
}
