const DAY_MS = 86_400_000
const two = (value: number): string => String(value).padStart(2, '0')

/** Day of the reader's zone, as date fields write it. */
export function localDay(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Beginning of a day that a date field wrote; undefined where it wrote none. */
export function startOfDay(text: string): number | undefined {
  const ms = new Date(`${text}T00:00`).getTime()
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined
}

/** Beginning of the day after: days have 23 to 25 hours. */
export function dayAfter(startMs: number): number {
  const next = new Date(startMs + 1.5 * DAY_MS)
  next.setHours(0, 0, 0, 0)
  return next.getTime()
}
