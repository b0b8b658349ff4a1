/** How long something took, over a group of names. Hours, rounded to hundredths (half up); null when nothing is known. */
export interface Duration {
  readonly meanHours: number | null
  readonly medianHours: number | null
  readonly p75Hours: number | null
  readonly p90Hours: number | null
  readonly p95Hours: number | null
  /** Names of which both moments are known, and the others, which are in no figure. */
  readonly known: number
  readonly unknown: number
}

/** A hundredth of an hour. */
const unitMs = 36_000n

/**
 * Pure and exact: whole milliseconds until the last step. Percentiles interpolate linearly between the closest ranks, at
 * rank p·(n − 1) counted from 0: PostgreSQL's `percentile_cont`, Excel's PERCENTILE.INC, Hyndman and Fan's type 7.
 * @param spans milliseconds, not negative; null: one of the moments is not known
 */
export function summariseDurations(spans: readonly (number | null)[]): Duration {
  const known = spans.filter((span) => span !== null).sort((a, b) => a - b)
  let sum = 0n
  for (const span of known) sum += BigInt(span)
  const at = (percent: number) => (known.length === 0 ? null : percentile(known, percent))
  return {
    meanHours: known.length === 0 ? null : hundredths(sum, BigInt(known.length)),
    medianHours: at(50),
    p75Hours: at(75),
    p90Hours: at(90),
    p95Hours: at(95),
    known: known.length,
    unknown: spans.length - known.length,
  }
}

function percentile(sorted: readonly number[], percent: number): number {
  const rank = percent * (sorted.length - 1)
  const [below, share] = [Math.floor(rank / 100), rank % 100]
  const [low = 0, high = low] = sorted.slice(below, below + 2)
  return hundredths(BigInt(low) * BigInt(100 - share) + BigInt(high) * BigInt(share), 100n)
}

/** milliseconds / parts, in hours with two decimals. */
function hundredths(milliseconds: bigint, parts: bigint): number {
  const unit = parts * unitMs
  return Number((milliseconds * 2n + unit) / (unit * 2n)) / 100
}
