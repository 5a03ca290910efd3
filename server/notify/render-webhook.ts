import type { IncidentNotice } from './channel'

const isoOf = (us: number): string => new Date(us / 1_000).toISOString()
const isoOrNull = (us: number | null | undefined): string | null => (us == null ? null : isoOf(us))

/** Standard Webhooks body: `{ type, timestamp, data }`, under 20 KB. `timestamp` is when the thing happened, not when it is sent. */
export function renderWebhook(notice: IncidentNotice): string {
  const { type, detectedUs, resolvedUs, startedUs, ruleInKernelUs, ...data } = notice
  const happenedUs = type === 'incident.resolved' && resolvedUs !== null ? resolvedUs : detectedUs
  return JSON.stringify({
    type,
    timestamp: isoOf(happenedUs),
    data: {
      ...data,
      startedAt: isoOrNull(startedUs),
      detectedAt: isoOf(detectedUs),
      ruleInKernelAt: isoOrNull(ruleInKernelUs),
      resolvedAt: isoOrNull(resolvedUs),
    },
  })
}
