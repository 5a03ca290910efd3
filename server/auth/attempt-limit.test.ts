import { expect, test } from 'vitest'
import { createAttemptLimit } from './attempt-limit'

function limitAt() {
  const clock = { nowMs: 0 }
  return { clock, limit: createAttemptLimit({ failuresMax: 3, windowMs: 60_000, keysMax: 2, now: () => clock.nowMs }) }
}

test('the fourth try within a minute is refused, and allowed again after it', () => {
  const { clock, limit } = limitAt()
  for (let tries = 0; tries < 3; tries++) {
    expect(limit.isSpent('a')).toBe(false)
    limit.fail('a')
  }
  expect(limit.isSpent('a')).toBe(true)
  expect(limit.isSpent('b')).toBe(false)
  clock.nowMs = 60_001
  expect(limit.isSpent('a')).toBe(false)
})

test('a success clears the count, and old keys leave when there are too many', () => {
  const { limit } = limitAt()
  for (let tries = 0; tries < 3; tries++) limit.fail('a')
  limit.clear('a')
  expect(limit.isSpent('a')).toBe(false)
  for (const key of ['a', 'a', 'a', 'b', 'c']) limit.fail(key)
  expect(limit.isSpent('a')).toBe(false)
})
