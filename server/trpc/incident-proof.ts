import type { IncidentReport } from '../../wire/incident'
import type { MessageDelivery } from '../services/deliveries/list'
import type { Evidence } from '../services/evidence/list'

export type DeliveryView = {
  id: string
  destination: string
  kind: MessageDelivery['kind']
  state: 'waiting' | 'sent' | 'retrying' | 'failed'
  queuedMs: number
  /** When the destination had the first byte of the request that counted. */
  startedMs: number | null
  attempts: number
  detail: string | null
  mayRepeat: boolean
}

export type EvidenceView = {
  state: 'recording' | 'on_node' | 'uploaded'
  bundleSha256: string | null
  packets: number
  packetsBeforeOnset: number
  bytes: number
  files: { name: string; packets: number; samplingRate: number | null; kernelDrops: number | null }[]
}

/** A message with the receipt of the attempt that reached its destination, or of the last one. */
export function toDelivery(message: MessageDelivery): DeliveryView {
  const last = message.attempts.at(-1) ?? null
  const state = { pending: 'waiting', sending: 'waiting', sent: 'sent', failed: 'retrying', dead: 'failed' } as const
  return {
    id: message.id,
    destination: message.destinationName,
    kind: message.kind,
    state: state[message.state],
    queuedMs: message.createdUs / 1_000,
    startedMs: last?.startedUs == null ? null : last.startedUs / 1_000,
    attempts: message.attempts.length,
    detail: detailOf(last),
    mayRepeat: message.maybeRepeat,
  }
}

function detailOf(attempt: MessageDelivery['attempts'][number] | null): string | null {
  if (attempt === null) return null
  if (attempt.error !== null) return attempt.error
  if (attempt.replyCode === null) return null
  return attempt.latencyMs === null
    ? `answered ${attempt.replyCode}`
    : `answered ${attempt.replyCode} within ${attempt.latencyMs < 10 ? attempt.latencyMs.toFixed(1) : Math.round(attempt.latencyMs)} ms`
}

/** The platform's bundle once there is one; until then what the node says it holds. */
export function toEvidence(reported: IncidentReport['evidence'], bundle: Evidence | null): EvidenceView | null {
  if (bundle === null) return reported === null ? null : { ...reported, files: [] }
  const { manifest } = bundle.signed
  return {
    state: bundle.state,
    bundleSha256: bundle.sha256,
    packets: manifest.files.reduce((sum, file) => sum + file.packets, 0),
    packetsBeforeOnset: manifest.packetsBeforeOnset,
    bytes: bundle.bytes,
    files: manifest.files.map(({ name, packets, samplingRate, kernelDrops }) => ({
      name,
      packets,
      samplingRate,
      kernelDrops,
    })),
  }
}
