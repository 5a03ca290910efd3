import type { IncidentNotice } from './channel'

const isoOf = (us: number): string => new Date(us / 1_000).toISOString()

/** Standard Webhooks body: `{ type, timestamp, data }`, under 20 KB. `timestamp` is when the thing happened, not when it is sent. */
export function renderWebhook(notice: IncidentNotice): string {
  const { type, detectedUs, resolvedUs, ...data } = notice
  const happenedUs = type === 'incident.resolved' && resolvedUs !== null ? resolvedUs : detectedUs
  return JSON.stringify({
    type,
    timestamp: isoOf(happenedUs),
    data: { ...data, detectedAt: isoOf(detectedUs), resolvedAt: resolvedUs === null ? null : isoOf(resolvedUs) },
  })
}
