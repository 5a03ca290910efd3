import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secondOf } from './sampler'

describe('the second a reading closes', () => {
  it('is the one that ends, for a timer that fires a little early or almost a second late', () => {
    expect([9_999_200, 10_000_000, 10_000_900, 10_940_000].map(secondOf)).toEqual([10, 10, 10, 10])
  })

  it('gives no second two samples and leaves none out while ticks come less than 0.9 s late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 900_000 }), { minLength: 2, maxLength: 50 }), (delays) => {
        const seconds = delays.map((delayUs, index) => secondOf((100 + index) * 1e6 + delayUs))
        expect(seconds).toEqual(delays.map((_, index) => 100 + index))
      }),
    )
  })
})
