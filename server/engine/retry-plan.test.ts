import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planNext, RETRY_WAITS_MS } from './retry-plan'

const outcome = (
  name: 'delivered' | 'retry' | 'throttled' | 'failed' | 'disable',
  retryAfterMs: number | null = null,
) => ({
  outcome: name,
  retryAfterMs,
})

describe('planNext', () => {
  it('follows the schedule to the second when nothing is random', () => {
    const waits = RETRY_WAITS_MS.map((_wait, index) => planNext(index + 1, outcome('retry'), 0))
    expect(waits.map((step) => (step.kind === 'retry' ? step.waitMs / 1_000 : null))).toEqual([
      5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ])
    expect(RETRY_WAITS_MS.reduce((sum, wait) => sum + wait, 0)).toBe(((75 * 60 + 35) * 60 + 5) * 1_000)
  })

  it('gives up after the last wait', () => {
    expect(planNext(10, outcome('retry'), 0)).toEqual({ kind: 'failed', disablesDestination: false })
  })

  it('ends with the first success', () => {
    expect(planNext(1, outcome('delivered'), 0.5)).toEqual({ kind: 'sent' })
  })

  it('never calls a destination again that says it is gone', () => {
    expect(planNext(1, outcome('disable'), 0.5)).toEqual({ kind: 'failed', disablesDestination: true })
  })

  it('does not repeat what no repetition can mend', () => {
    expect(planNext(1, outcome('failed'), 0.5)).toEqual({ kind: 'failed', disablesDestination: false })
  })

  it('never asks sooner than the destination or the schedule allows, and never more than a tenth later than both', () => {
    const waits = fc.integer({ min: 0, max: 90_000_000 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: RETRY_WAITS_MS.length }),
        waits,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, retryAfterMs, random) => {
          const step = planNext(attempt, outcome('throttled', retryAfterMs), random)
          const planned = RETRY_WAITS_MS[attempt - 1] as number
          if (step.kind !== 'retry') throw new Error('must retry')
          expect(step.waitMs).toBeGreaterThanOrEqual(Math.max(planned, retryAfterMs))
          expect(step.waitMs).toBeLessThanOrEqual(Math.max(planned * 1.1, retryAfterMs) + 1)
        },
      ),
    )
  })
})
