import type { z } from 'zod'
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
}

/** One HTTP attempt's outcome. The class decides what the sender does next. */
export type SendResult = {
  outcome: 'delivered' | 'retry' | 'throttled' | 'failed' | 'disable'
  httpStatus: number | null
  /** What the destination answered or what went wrong, cut to a line. */
  detail: string
  retryAfterMs: number | null
  /** Epoch microseconds at which the request's first byte went out; null when no connection was made. */
  startedUs: number | null
  finishedUs: number
}

export type SendRequest<Settings> = {
  settings: Settings
  /** Same for every attempt of one message: receivers recognise repeats by it. */
  messageId: string
  body: string
  /** True when an earlier attempt may have arrived although no answer was recorded. */
  mayBeRepeat: boolean
}

/** A kind of destination. `render` is pure; only `send` touches the network. */
export type Channel<Settings = unknown> = {
  id: string
  name: string
  settings: z.ZodType<Settings>
  /** Why settings that parse would still not work, one sentence each. */
  validate(settings: Settings): string[]
  render: (notice: IncidentNotice) => string
  send(request: SendRequest<Settings>): Promise<SendResult>
  close: () => Promise<void>
}
