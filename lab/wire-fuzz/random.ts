/** Numbers that look random and are the same for the same seed, so that a failure can be run again. */
export type Random = {
  /** 0 ≤ x < 1 */
  real: () => number
  below: (limit: number) => number
  chance: (share: number) => boolean
  pick: <T>(from: readonly T[]) => T
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  // mulberry32
  const real = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(real() * limit)
  return { real, below, chance: (share) => real() < share, pick: (from) => from[below(from.length)] as never }
}
