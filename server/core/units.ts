export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** Epoch microseconds as PostgreSQL reads them without losing a digit; a JavaScript date would keep milliseconds only. */
export function microsToTimestamp(us: number): string {
  const seconds = Math.floor(us / 1_000_000)
  const fraction = String(us - seconds * 1_000_000).padStart(6, '0')
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${fraction}Z`
}

export const microsToTimestampOrNull = (us: number | null): string | null =>
  us === null ? null : microsToTimestamp(us)
