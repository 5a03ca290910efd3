import { expect, test } from 'vitest'
import { trialAt } from './trial'

const DAY_MS = 86_400_000

test.each([
  [7 * DAY_MS, '7 days left'],
  [7 * DAY_MS - 1, '6 days left'],
  [DAY_MS, '1 day left'],
  [DAY_MS - 1, '23 hours left'],
  [3_600_000, '1 hour left'],
  [3_599_999, 'less than an hour left'],
])('%i ms before its end a trial has “%s”', (ms, left) => {
  expect(trialAt(ms, 0)).toEqual({ isOver: false, left })
})

test('a trial is over at its very end, not before', () => {
  expect(trialAt(1, 0).isOver).toBe(false)
  expect(trialAt(0, 0)).toEqual({ isOver: true, left: 'over' })
})
