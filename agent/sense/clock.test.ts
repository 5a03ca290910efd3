import fc from 'fast-check'
import { expect, test } from 'vitest'
import { untilNext } from './clock'

test('a timer strikes at or behind the next second, never before it, and less than a millisecond late', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 51 }), fc.constantFrom(250, 1_000), (nowUs, intervalMs) => {
      const struckUs = nowUs + Math.trunc(untilNext(nowUs, intervalMs)) * 1_000
      const wantedUs = (Math.floor(nowUs / (intervalMs * 1_000)) + 1) * intervalMs * 1_000
      expect(struckUs - wantedUs).toBeGreaterThanOrEqual(0)
      expect(struckUs - wantedUs).toBeLessThan(1_000)
    }),
  )
})
