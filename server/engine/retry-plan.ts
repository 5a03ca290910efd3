import type { SendResult } from '../notify/channel'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits after the first, second, … failed attempt: the schedule of Standard Webhooks, 75 hours in all. */
export const RETRY_WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

const JITTER = 0.1

export type NextStep =
  | { kind: 'sent' }
  | { kind: 'retry'; waitMs: number }
  | { kind: 'failed'; disablesDestination: boolean }

/**
 * What follows an attempt. `attempt` counts from 1; `random` is in 0..1. A destination that says how long to wait is
 * never asked sooner.
 */
export function planNext(
  attempt: number,
  result: Pick<SendResult, 'outcome' | 'retryAfterMs'>,
  random: number,
): NextStep {
  if (result.outcome === 'delivered') return { kind: 'sent' }
  if (result.outcome === 'disable') return { kind: 'failed', disablesDestination: true }
  const plannedMs = RETRY_WAITS_MS[attempt - 1]
  if (result.outcome === 'failed' || plannedMs === undefined) return { kind: 'failed', disablesDestination: false }
  const waitMs = Math.round(plannedMs * (1 + JITTER * random))
  return { kind: 'retry', waitMs: Math.max(waitMs, result.retryAfterMs ?? 0) }
}
