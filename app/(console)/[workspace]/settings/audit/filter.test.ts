import { expect, test } from 'vitest'
import { EVERYTHING, queryOf, searchOf } from './filter'

test('a day is meant whole, from its beginning to the next one', () => {
  const { fromMs, untilMs } = queryOf({ ...EVERYTHING, from: '2026-11-20', until: '2026-11-20' })
  expect(fromMs).toBe(new Date('2026-11-20T00:00').getTime())
  expect(untilMs).toBe(new Date('2026-11-21T00:00').getTime())
  for (const day of ['2026-03-29', '2026-10-25', '2026-12-31']) {
    const next = new Date(queryOf({ ...EVERYTHING, until: day }).untilMs as number)
    expect([next.getHours(), next.getMinutes()]).toEqual([0, 0])
  }
})

test('an address says what was asked for and nothing else', () => {
  expect(searchOf(EVERYTHING, 'csv')).toBe('format=csv')
  expect(searchOf({ ...EVERYTHING, text: ' a&b ', actor: 'user:u' }, 'jsonl')).toBe(
    'text=a%26b&actor=user%3Au&format=jsonl',
  )
})
