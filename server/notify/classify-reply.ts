import type { SendResult } from './channel'

/** What an HTTP status means for the message: only 410 says never again; all else may be repaired by its owner. */
export function classifyStatus(status: number): SendResult['outcome'] {
  if (status >= 200 && status < 300) return 'delivered'
  if (status === 410) return 'disable'
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'throttled'
  return 'retry'
}

const RETRY_AFTER_MS_MAX = 24 * 3_600_000

/** Reads `Retry-After` in either form (seconds or a date); null when absent or unreadable. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null
  const text = header.trim()
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs
  if (!Number.isFinite(waitMs)) return null
  return Math.min(Math.max(waitMs, 0), RETRY_AFTER_MS_MAX)
}
