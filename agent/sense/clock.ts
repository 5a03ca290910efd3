/** The node's clock. Injected, so that the same clockwork runs on recorded time. */
export type Clock = { micros(): number }

/** Wall clock with microseconds; follows steps of the system clock, unlike performance.now() alone. */
export const systemClock: Clock = {
  micros() {
    const wallMs = Date.now()
    const fineMs = performance.timeOrigin + performance.now()
    return Math.round((Math.abs(fineMs - wallMs) < 2 ? fineMs : wallMs) * 1000)
  },
}

/** Whole milliseconds until the next multiple of `intervalMs`: timers cut fractions off, and would strike before it and again at it. */
export const untilNext = (nowUs: number, intervalMs: number): number =>
  Math.ceil(intervalMs - ((nowUs / 1_000) % intervalMs))
