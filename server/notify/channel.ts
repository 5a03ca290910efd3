import type { z } from 'zod'
import type { IncidentEvent, IncidentReport } from '../../wire/incident'
import type { VectorId } from '../../wire/vectors'

/** What a message says, as it was stored when the incident changed. Every channel renders from this. */
export type IncidentNotice = {
  type: 'incident.opened' | 'incident.updated' | 'incident.resolved'
  incidentId: string
  workspaceId: string
  workspaceName: string
  nodeId: string
  nodeName: string
  state: string
  revision: number
  score: number
  target: { addresses: string[]; ports: number[] }
  vectors: { id: VectorId; name: string; confidence: number; share: number }[]
  wire: { pps: number; bps: number }
  /** Times in epoch microseconds. */
  detectedUs: number
  resolvedUs: number | null
  /** Absent in messages that an older platform wrote. */
  workspaceSlug?: string
  event?: IncidentEvent['kind']
  startedUs?: number
  ruleInKernelUs?: number | null
  delivered?: { pps: number; bps: number }
  droppedPackets?: number
  verifiedClients?: IncidentReport['verifiedClients']
}

/** One attempt's outcome. Its class decides what the sender does next. */
export type SendResult = {
  outcome: 'delivered' | 'retry' | 'throttled' | 'failed' | 'disable'
  /** What the destination answered, HTTP or SMTP; null when it answered nothing. */
  replyCode: number | null
  /** True when it left whole and no answer came: the next attempt may be a repeat. */
  mayHaveArrived: boolean
  /** Of several recipients, those that have the message now: the next attempt leaves them out. */
  reached: string[]
  /** What the destination answered or what went wrong, cut to a line. */
  detail: string
  retryAfterMs: number | null
  /** Epoch microseconds at which the first byte of the request or mail transaction went out; null when none did. */
  startedUs: number | null
  finishedUs: number
}

export type SendRequest<Settings, Body> = {
  settings: Settings
  /** Same for every attempt of one message: receivers recognise repeats by it. */
  messageId: string
  /** Same for all messages about one incident to one destination. */
  thread: { id: string; isFirst: boolean }
  body: Body
  /** True when an earlier attempt may have arrived although no answer was recorded. */
  mayBeRepeat: boolean
  /** Recipients that earlier attempts reached. */
  reached: string[]
}

/** A kind of destination. `render` is pure; only `send` touches the network. */
export type Channel<Settings = unknown, Body = unknown> = {
  id: string
  name: string
  settings: z.ZodType<Settings>
  render: (notice: IncidentNotice, marks: { mayBeRepeat: boolean }) => Body
  send(request: SendRequest<Settings, Body>): Promise<SendResult>
  close: () => Promise<void>
}
