import { expect, test } from 'vitest'
import { addMonths, rangeOf, weeksOf } from './month'
import { clockOf, dayOf, msOf, spanWords, wallOf } from './zones'

const HOUR = 3_600_000

test('what a clock shows leads back to the moment, in any zone and season', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Chatham'])
    for (const at of ['2026-07-01T00:30Z', '2026-12-31T23:45Z', '2026-03-29T05:00Z', '2026-10-25T05:00Z']) {
      const ms = Date.parse(at)
      expect(msOf(wallOf(ms, zone), zone)).toBe(ms)
    }
})

test('an hour that the clock shows twice is the first, and one that it leaves out is counted on', () => {
  expect(msOf('2026-10-25T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T00:30Z'))
  expect(msOf('2026-03-29T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30Z'))
})

test('what is no date and time is none', () => {
  for (const text of ['', 'tomorrow', '2026-13-01T00:00']) expect(msOf(text, 'UTC')).toBeNull()
})

test('a day is that of the zone, not of the reader', () => {
  const ms = Date.parse('2026-11-22T23:30Z')
  expect([dayOf(ms, 'UTC'), dayOf(ms, 'Europe/Berlin'), clockOf(ms, 'Europe/Berlin')]).toEqual([
    '2026-11-22',
    '2026-11-23',
    '00:30',
  ])
  expect(spanWords({ startsMs: ms, endsMs: ms + HOUR }, 'Europe/Berlin')).toBe('23 Nov, 00:30 – 01:30')
  expect(spanWords({ startsMs: ms, endsMs: ms + HOUR }, 'UTC')).toBe('22 Nov, 23:30 – 23 Nov, 00:30')
})

test('a month is whole weeks from Monday, also when it begins on a Sunday or is exactly four', () => {
  const november = weeksOf('2026-11')
  expect(november[0]?.[0]).toBe('2026-10-26')
  expect(november.at(-1)?.[6]).toBe('2026-12-06')
  expect(weeksOf('2027-02')).toHaveLength(4)
  for (const week of november) expect(week).toHaveLength(7)
  expect([addMonths('2026-12', 1), addMonths('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
  const { fromMs, toMs } = rangeOf('2026-11')
  expect(fromMs).toBeLessThan(Date.parse('2026-10-26T00:00Z') - 14 * HOUR)
  expect(toMs).toBeGreaterThan(Date.parse('2026-12-07T00:00Z') + 14 * HOUR)
})
