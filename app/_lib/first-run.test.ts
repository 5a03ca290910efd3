import { expect, test } from 'vitest'
import { arrivalOf, isFirstRun } from './first-run'

const tile = (word: string | null, lastSeenMs: number | null) => ({ name: 'match-01', word, lastSeenMs })

test('the fleet is a guide until a server has spoken, also when one enrolled and its agent never came', () => {
  expect(isFirstRun([])).toBe(true)
  expect(isFirstRun([tile('waiting for its agent', null)])).toBe(true)
  expect(isFirstRun([tile('waiting for its agent', null), tile(null, 1)])).toBe(false)
})

test('a node that waits for its agent again, and a name without a server, keep their tiles', () => {
  expect(isFirstRun([tile('waiting for its agent', 1)])).toBe(false)
  expect(isFirstRun([tile('not enrolled yet', null)])).toBe(false)
})

test('a node has arrived when it was seen', () => {
  expect(arrivalOf(tile('waiting for its agent', null))).toBe('enrolled')
  expect(arrivalOf(tile(null, 1))).toBe('connected')
})
