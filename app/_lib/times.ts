/** `undefined` is the reader's own zone; the server, which cannot know it, writes UTC until the page is alive. */
export type Zone = 'UTC' | undefined

const formatters = (options: Intl.DateTimeFormatOptions) => {
  const utc = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' })
  let local: Intl.DateTimeFormat | undefined
  return (ms: number, zone: Zone): string => {
    if (zone === 'UTC') return utc.format(ms)
    local ??= new Intl.DateTimeFormat('en-GB', options)
    return local.format(ms)
  }
}

/** 21:42:18 */
export const clockTime = formatters({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
export const day = formatters({ day: 'numeric', month: 'short' })
/** 28 Nov, 14:02 */
export const dayAndMinute = formatters({
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
/** With weekday and zone, for the hover. */
export const fullTime = formatters({ dateStyle: 'full', timeStyle: 'long' })

export const dayAndTime = (ms: number, zone: Zone): string => `${day(ms, zone)}, ${clockTime(ms, zone)}`

/** Clock time with milliseconds, for timelines. */
export const preciseTime = (ms: number, zone: Zone): string =>
  `${clockTime(ms, zone)}.${String(Math.floor(ms) % 1_000).padStart(3, '0')}`

/** Clocks differ by less; what is further ahead is to come. */
const AHEAD_MS_MAX = 60_000

/** "4 min ago" under an hour; null beyond it and of what is to come, where a clock time says more. */
export function ago(ms: number, nowMs: number): string | null {
  if (ms > nowMs + AHEAD_MS_MAX) return null
  const seconds = Math.max(0, Math.round((nowMs - ms) / 1_000))
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`
  return null
}
