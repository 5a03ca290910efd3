import type { VectorReport } from '../../wire/incident'

export type VectorSpan = {
  vector: VectorReport
  /** Place on the axis, 0..1. */
  left: number
  width: number
  /** After the first packet. */
  beganMs: number
  lastedMs: number
}

/** Round spans that an axis may be divided by. */
const STEPS_MS = [
  1, 10, 100, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000,
]
const TICKS_MAX = 6

/** Lays each vector's time on one axis from the first packet to the end; one that goes on reaches it. Pure. */
export function placeVectors(
  vectors: readonly VectorReport[],
  startedMs: number,
  endMs: number,
): { spans: VectorSpan[]; ticks: { atMs: number; left: number }[] } {
  const lengthMs = Math.max(1, endMs - startedMs)
  const clamp = (ms: number) => Math.min(lengthMs, Math.max(0, ms))
  const spans = [...vectors]
    .sort((left, right) => left.startUs - right.startUs || right.share - left.share)
    .map((vector) => {
      const beganMs = clamp(vector.startUs / 1_000 - startedMs)
      const lastedMs = Math.max(0, clamp((vector.endUs ?? endMs * 1_000) / 1_000 - startedMs) - beganMs)
      return { vector, left: beganMs / lengthMs, width: lastedMs / lengthMs, beganMs, lastedMs }
    })
  const stepMs = STEPS_MS.find((step) => lengthMs / step <= TICKS_MAX) ?? lengthMs / TICKS_MAX
  const ticks = Array.from({ length: Math.floor(lengthMs / stepMs) + 1 }, (_, index) => index * stepMs)
  return { spans, ticks: ticks.map((atMs) => ({ atMs, left: atMs / lengthMs })) }
}
