import { describe, expect, it } from 'vitest'
import { CLOCK_SKEW_MS_MAX, SAMPLE_AGE_MS_MAX } from '../../wire/limits'
import { simulatedSample } from '../testing/agent-simulator'
import { sortByAge } from './sort-by-age'

const NOW_MS = 1_795_000_000_000

describe('sortByAge', () => {
  it('keeps samples up to both limits and counts what lies beyond', () => {
    const kept = [NOW_MS, NOW_MS - SAMPLE_AGE_MS_MAX, NOW_MS + CLOCK_SKEW_MS_MAX]
    const samples = [...kept, NOW_MS - SAMPLE_AGE_MS_MAX - 1_000, NOW_MS + CLOCK_SKEW_MS_MAX + 1_000].map((atMs) =>
      simulatedSample(atMs),
    )
    const sorted = sortByAge(samples, NOW_MS)
    expect(sorted.fresh.map(({ atMs }) => atMs)).toEqual(kept)
    expect(sorted).toMatchObject({ tooOld: 1, inFuture: 1 })
  })

  it('keeps one sample a second, the first', () => {
    const sorted = sortByAge([simulatedSample(NOW_MS, 1), simulatedSample(NOW_MS, 2)], NOW_MS)
    expect(sorted.fresh.map(({ wire }) => wire.pps)).toEqual([1])
  })
})
