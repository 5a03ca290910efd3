import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireIncidentWithin } from '../incidents/require-within'

const Input = z.object({ incidentId: z.uuid() })

/** One message to one destination, with its attempts. Times in epoch microseconds. */
export type MessageDelivery = {
  id: string
  destinationName: string
  channel: string
  kind: 'opened' | 'updated' | 'resolved'
  state: 'pending' | 'sending' | 'sent' | 'failed' | 'dead'
  createdUs: number
  sentUs: number | null
  nextAttemptUs: number | null
  maybeRepeat: boolean
  attempts: DeliveryAttempt[]
}

export type DeliveryAttempt = {
  attempt: number
  outcome: string
  /** First byte of the request; null when no connection was made. */
  startedUs: number | null
  finishedUs: number
  /** What it answered, HTTP or SMTP; null when it answered nothing. */
  replyCode: number | null
  latencyMs: number | null
  error: string | null
  responseExcerpt: string | null
}

/** Everything that was sent, or is to be sent, about one incident, oldest first. */
export async function listDeliveries({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<MessageDelivery[]> {
  const reach = requirePermission(ctx, 'delivery.read')
  const { incidentId } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    await requireIncidentWithin(tx, ctx, reach, incidentId)
    return tx.$queryRaw<MessageDelivery[]>`
      SELECT m.id, d.name AS "destinationName", d.channel, m.kind, m.state, m.maybe_repeat AS "maybeRepeat",
        (extract(epoch FROM m.created_at) * 1000000)::float8 AS "createdUs",
        (extract(epoch FROM m.sent_at) * 1000000)::float8 AS "sentUs",
        CASE WHEN m.state IN ('pending', 'failed')
          THEN (extract(epoch FROM m.next_attempt_at) * 1000000)::float8 END AS "nextAttemptUs",
        coalesce((SELECT jsonb_agg(jsonb_build_object('attempt', a.attempt, 'outcome', a.outcome,
            'startedUs', (extract(epoch FROM a.started_at) * 1000000)::bigint,
            'finishedUs', (extract(epoch FROM a.at) * 1000000)::bigint,
            'replyCode', a.reply_code, 'latencyMs', a.latency_ms, 'error', a.error,
            'responseExcerpt', a.response_excerpt) ORDER BY a.attempt)
          FROM delivery a WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id), '[]') AS attempts
      FROM outgoing_message m JOIN destination d ON d.workspace_id = m.workspace_id AND d.id = m.destination_id
      WHERE m.workspace_id = ${ctx.workspaceId}::uuid AND m.incident_id = ${incidentId}::uuid
      ORDER BY m.position`
  })
}
