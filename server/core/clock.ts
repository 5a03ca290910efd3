/** Wall clock. `now` in epoch milliseconds, `micros` in epoch microseconds, both whole. */
export type Clock = { now: () => number; micros: () => number }

export const systemClock: Clock = {
  now: () => Date.now(),
  micros: () => Math.round((performance.timeOrigin + performance.now()) * 1_000),
}
