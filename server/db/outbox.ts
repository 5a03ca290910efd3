import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../core/clock'
import { newId } from '../core/ids'
import { microsToTimestamp, microsToTimestampOrNull } from '../core/units'
import { isOutage } from './outage'
import type { EngineDb } from './pool'

/** A message that one engine alone may send until its lease ends. */
export type OutboxMessage<Notice> = {
  workspaceId: string
  messageId: string
  incidentId: string
  destinationId: string
  channel: string
  settings: unknown
  notice: Notice
  /** Attempts begun before this one. */
  attempts: number
  /** An earlier attempt may have arrived although no answer to it was recorded. */
  mayBeRepeat: boolean
  /** Of several recipients, those that earlier attempts reached. */
  reached: string[]
  createdUs: number
}

export type OutboxAttempt = {
  message: { workspaceId: string; messageId: string }
  attempt: number
  result: {
    outcome: string
    replyCode: number | null
    mayHaveArrived: boolean
    reached: string[]
    detail: string
    startedUs: number | null
    finishedUs: number
  }
  next: { kind: 'sent' } | { kind: 'retry'; waitMs: number } | { kind: 'failed'; disablesDestination: boolean }
}

export type OutboxOptions = { db: EngineDb; clock: Clock; worker: string; leaseMs?: number }

export type Outbox<Notice> = {
  claim: (limit: number) => Promise<OutboxMessage<Notice>[]>
  record: (attempt: OutboxAttempt) => Promise<void>
}

const RECORD_AGAIN_MS = 250

const STATES = { sent: 'sent', retry: 'failed', failed: 'dead' } as const

/** The message queue on rows: claims under a lease, and stores each attempt with what follows from it. */
export function createOutbox<Notice>({ db, clock, worker, leaseMs = 60_000 }: OutboxOptions): Outbox<Notice> {
  return {
    claim: async (limit) => {
      const { rows } = await db.pool.query<OutboxMessage<Notice>>(
        `SELECT workspace_id AS "workspaceId", id AS "messageId", incident_id AS "incidentId",
           destination_id AS "destinationId", channel, settings, payload AS notice, attempts,
           maybe_repeat AS "mayBeRepeat", reached, (extract(epoch FROM created_at) * 1000000)::float8 AS "createdUs"
         FROM outgoing_message_claim($1, $2, $3, make_interval(secs => $4))`,
        [worker, limit, microsToTimestamp(clock.micros()), leaseMs / 1_000],
      )
      return rows
    },
    record: async ({ message, attempt, result, next }) => {
      const latencyMs = result.startedUs === null ? null : (result.finishedUs - result.startedUs) / 1_000
      const isFine = next.kind === 'sent'
      const deliveryId = newId()
      await insist(leaseMs, () =>
        db.pool.query(
          'SELECT outgoing_message_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)',
          [
            message.workspaceId,
            message.messageId,
            worker,
            STATES[next.kind],
            next.kind === 'retry' ? new Date(clock.now() + next.waitMs) : null,
            deliveryId,
            attempt,
            result.outcome,
            microsToTimestamp(result.finishedUs),
            microsToTimestampOrNull(result.startedUs),
            result.replyCode,
            latencyMs,
            isFine ? null : result.detail,
            isFine ? result.detail : null,
            next.kind === 'failed' && next.disablesDestination,
            result.mayHaveArrived,
            result.reached,
          ],
        ),
      )
    },
  }
}

const UNIQUE_VIOLATION = '23505'

/**
 * Asks again while the lease lasts and the database is away: an answer that is not recorded is an alert sent twice.
 * The same id again means that an earlier try was stored and only its answer was lost.
 */
async function insist(forMs: number, store: () => Promise<unknown>): Promise<void> {
  for (let leftMs = forMs; ; leftMs -= RECORD_AGAIN_MS) {
    try {
      await store()
      return
    } catch (error) {
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return
      if (leftMs <= 0 || !isOutage(error)) throw error
    }
    await wait(RECORD_AGAIN_MS)
  }
}
