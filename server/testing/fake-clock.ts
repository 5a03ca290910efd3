import type { Clock } from '../core/clock'

export type FakeClock = Clock & { advance: (ms: number) => void }

/** Stands still until it is moved. */
export function createFakeClock(startMs = Date.parse('2026-11-20T20:00:00Z')): FakeClock {
  let nowMs = startMs
  return {
    now: () => nowMs,
    micros: () => nowMs * 1_000,
    advance: (ms) => {
      nowMs += ms
    },
  }
}
