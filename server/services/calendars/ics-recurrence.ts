import type ICAL from 'ical.js'

const PARTS = new Set(['BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS'])
const FREQUENCIES = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'])
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const numbers = (rule: ICAL.Recur, part: string): number[] =>
  ((rule.parts as Record<string, unknown[]>)[part] ?? []).map(Number)
const days = (rule: ICAL.Recur): string[] => ((rule.parts as Record<string, unknown[]>).BYDAY ?? []).map(String)

/**
 * Whether a rule is one that schedules use, and surely ends each search for its next day: a rule such as "every 30th of
 * February" would be searched for ever.
 */
export function isBounded(rule: ICAL.Recur): boolean {
  if (!FREQUENCIES.has(rule.freq) || !Number.isInteger(rule.interval) || rule.interval < 1 || rule.interval > 400)
    return false
  const names = Object.keys(rule.parts)
  if (!names.every((name) => PARTS.has(name))) return false
  const months = numbers(rule, 'BYMONTH')
  const monthDays = numbers(rule, 'BYMONTHDAY')
  if (!months.every((month) => month >= 1 && month <= 12)) return false
  if (!monthDays.every((day) => day !== 0 && Math.abs(day) <= 31)) return false
  if (!daysFit(rule, monthDays.length > 0)) return false
  // With a pause between, filters may never meet the days that are left.
  const isFiltered =
    rule.freq === 'DAILY'
      ? names.length > 0
      : rule.freq === 'MONTHLY' || rule.freq === 'WEEKLY'
        ? months.length > 0
        : false
  if (rule.interval > 1 && isFiltered) return false
  return monthDays.length === 0 || hasSuchDay(months, monthDays)
}

function daysFit(rule: ICAL.Recur, hasMonthDays: boolean): boolean {
  const positions = numbers(rule, 'BYSETPOS')
  const isCoarse = rule.freq === 'MONTHLY' || rule.freq === 'YEARLY'
  if (positions.length > 0 && (!isCoarse || !positions.every((at) => at !== 0 && Math.abs(at) <= 5))) return false
  return days(rule).every((day) => {
    const [, place = ''] = /^([+-]?\d{0,2})(MO|TU|WE|TH|FR|SA|SU)$/.exec(day) ?? [null, 'x']
    if (place === '') return true
    return (
      isCoarse &&
      !hasMonthDays &&
      Number.isInteger(Number(place)) &&
      Number(place) !== 0 &&
      Math.abs(Number(place)) <= 5
    )
  })
}

const hasSuchDay = (months: number[], monthDays: number[]): boolean =>
  (months.length > 0 ? months : LONGEST.map((_, index) => index + 1)).some((month) =>
    monthDays.some((day) => Math.abs(day) <= (LONGEST[month - 1] ?? 31)),
  )
