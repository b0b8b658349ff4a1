/** One stretch of time in which a watch covered an identifier, as far as it lies before the end of the period. */
export interface CoverSpan {
  readonly identifierId: string
  readonly source: string
  readonly since: Date
  /** Null: it still did at the end. */
  readonly until: Date | null
  /** End of the first complete run of the watch that began in this stretch and in the period; null: there is none. */
  readonly provenAt: Date | null
  /** The same of a run that read anything at all. */
  readonly lookedAt: Date | null
}

export interface SourceCoverage {
  readonly proven: number
  readonly partly: number
  readonly never: number
}

export interface Coverage {
  /** Lines of the inventory at the end that must not be public. */
  readonly identifiers: number
  /** Proven in every source that was watched at the end. */
  readonly proven: number
  /** Looked at somewhere, but not proven everywhere. */
  readonly partly: number
  /** Not looked at in any source. */
  readonly neverSwept: number
  readonly bySource: Readonly<Record<string, SourceCoverage>>
}

type State = 'proven' | 'partly' | 'never'

/**
 * How much of the public was looked at in a period; pure. An identifier is **proven** in a source when at some moment of
 * the period every watch that covered it then had been swept completely in the period. **Never**: no watch of it read
 * anything. **Partly**: anything between. The sources are those that watched anything at the end.
 */
export function coverageInQuarter(identifierIds: readonly string[], spans: readonly CoverSpan[]): Coverage {
  const asked = new Set(identifierIds)
  const bySource = Map.groupBy(spans.filter(({ identifierId }) => asked.has(identifierId)), ({ source }) => source)
  const watched = [...bySource].filter(([, of]) => of.some(({ until }) => until === null)).sort(([a], [b]) => (a < b ? -1 : 1))
  const states = watched.map(([source, of]) => [source, statesOf(of)] as const)
  const whole = { proven: 0, partly: 0, never: 0 }
  for (const id of identifierIds) whole[together(states.map(([, of]) => of.get(id) ?? 'never'))] += 1
  return {
    identifiers: identifierIds.length,
    proven: whole.proven,
    partly: whole.partly,
    neverSwept: whole.never,
    bySource: Object.fromEntries(states.map(([source, of]) => {
      const counts = { proven: 0, partly: 0, never: 0 }
      for (const id of identifierIds) counts[of.get(id) ?? 'never'] += 1
      return [source, counts]
    })),
  }
}

function statesOf(spans: readonly CoverSpan[]): ReadonlyMap<string, State> {
  const byName = Map.groupBy(spans, ({ identifierId }) => identifierId)
  return new Map([...byName].map(([id, of]) => [id, isProven(of) ? 'proven' : of.some(({ lookedAt }) => lookedAt !== null) ? 'partly' : 'never']))
}

/** Proof can only begin when a run completes, or when a watch that was not swept stops to cover the name. */
function isProven(spans: readonly CoverSpan[]): boolean {
  const moments = spans.flatMap(({ provenAt, until }) => [provenAt, until].filter((moment) => moment !== null))
  return moments.some((moment) => {
    const standing = spans.filter(({ since, until }) => since <= moment && (until === null || until > moment))
    return standing.length > 0 && standing.every(({ provenAt }) => provenAt !== null && provenAt <= moment)
  })
}

function together(states: readonly State[]): State {
  if (states.length > 0 && states.every((state) => state === 'proven')) return 'proven'
  return states.every((state) => state === 'never') ? 'never' : 'partly'
}
