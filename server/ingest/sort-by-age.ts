import { CLOCK_SKEW_MS_MAX, SAMPLE_AGE_MS_MAX } from '../../wire/limits'
import type { Sample } from '../../wire/sample'

export type SortedSamples = { fresh: Sample[]; tooOld: number; inFuture: number }

/**
 * Keeps what may be stored: one sample a second, none older than the rows are kept, none ahead of any clock we trust.
 * Of several samples for one second the first counts, as it does in the table.
 */
export function sortByAge(samples: readonly Sample[], nowMs: number): SortedSamples {
  const bySecond = new Map<number, Sample>()
  let tooOld = 0
  let inFuture = 0
  for (const sample of samples) {
    if (sample.atMs < nowMs - SAMPLE_AGE_MS_MAX) tooOld += 1
    else if (sample.atMs > nowMs + CLOCK_SKEW_MS_MAX) inFuture += 1
    else if (!bySecond.has(sample.atMs)) bySecond.set(sample.atMs, sample)
  }
  return { fresh: [...bySecond.values()], tooOld, inFuture }
}
