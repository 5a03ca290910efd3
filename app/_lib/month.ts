/** Days and months as calendars lay them out. A day is 2026-11-22, a month 2026-11; no zone is in them. */

const DAY_MS = 86_400_000
const utc = (day: string): number => Date.parse(`${day}T00:00Z`)
const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export const addDays = (day: string, days: number): string => dayAt(utc(day) + days * DAY_MS)

export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7)
}

/** Whole weeks from Monday that hold the month. */
export function weeksOf(month: string): string[][] {
  const first = `${month}-01`
  const weekday = (new Date(utc(first)).getUTCDay() + 6) % 7
  const start = addDays(first, -weekday)
  const last = addDays(`${addMonths(month, 1)}-01`, -1)
  const weeks: string[][] = []
  for (let monday = start; monday <= last; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(monday, index)))
  return weeks
}

export const monthWords = (month: string): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(utc(`${month}-15`))

/** What is asked for to show a month in any zone, its first and last week whole. */
export function rangeOf(month: string): { fromMs: number; toMs: number } {
  return { fromMs: utc(`${month}-01`) - 8 * DAY_MS, toMs: utc(`${addMonths(month, 1)}-01`) + 9 * DAY_MS }
}
