/** A small generator of pseudo-random numbers (xorshift32): the same seed gives the same texts on every machine. */
export interface Random {
  /** A whole number in `[0, limit)`. */
  below(limit: number): number
  pick<Value>(values: readonly Value[]): Value
  chance(probability: number): boolean
}

export function seeded(seed: number): Random {
  let state = seed | 0 || 1
  function below(limit: number): number {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
  return {
    below,
    pick: (values) => values[below(values.length)]!,
    chance: (probability) => below(1_000_000) < probability * 1_000_000,
  }
}
