import type { Change, ContainerFacts } from '../contracts/place.ts'

const minute = 60_000
/** Clocks of machines that commit are wrong by minutes every day; by more somebody meant it. */
const skewMs = 15 * minute
/** Author's and committer's date of one commit differ when it was rebased, amended or picked; a day is worth a word. */
const noticeableMs = 24 * 60 * minute

export interface Doubts {
  /** Each speaks against the date, in words. Empty: it can be believed as far as anything that its author wrote. */
  readonly doubts: readonly string[]
  /** Worth knowing, no reason for doubt. */
  readonly notes: readonly string[]
}

/**
 * What speaks against the date of a change. Nobody checks it: whoever commits writes what they like, and an import
 * brings dates from before the place existed. A date in doubt is shown and moves no exposure.
 * @param seen when we first saw it
 */
export function doubtDate(change: Change, container: Pick<ContainerFacts, 'createdAt' | 'changedAt'> | null, seen: Date, now: Date): Doubts {
  const { authoredAt, committedAt } = change
  const date = committedAt ?? authoredAt
  if (date === null) return { doubts: ['the change has no date'], notes: [] }
  const doubts: string[] = []
  const notes: string[] = []
  if (date.getTime() > now.getTime() + skewMs) doubts.push('the date lies in the future')
  else if (date.getTime() > seen.getTime() + skewMs) doubts.push('the date is later than when it was first seen there')
  if (committedAt === null) doubts.push('there is no date of the commit, only its author\'s')
  const { createdAt = null, changedAt = null } = container ?? {}
  if (createdAt !== null && date < new Date(createdAt.getTime() - skewMs)) doubts.push('the date is before the repository existed')
  if (changedAt !== null && date.getTime() > changedAt.getTime() + skewMs) doubts.push('the date is later than the last push to the repository')
  if (authoredAt !== null && committedAt !== null && Math.abs(committedAt.getTime() - authoredAt.getTime()) > noticeableMs) {
    if (authoredAt.getTime() > committedAt.getTime()) doubts.push('its author dates it later than it was committed')
    else notes.push('its author dates it earlier than it was committed')
  }
  return { doubts, notes }
}
