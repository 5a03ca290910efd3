import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { MESSAGE_BYTES_MAX } from '../../wire/limits'
import { Lane, Push, type PushAck } from '../../wire/messages'
import { readAs } from '../../wire/read'
import type { AgentSocket } from './agent-namespace'
import type { AgentIdentity } from './authenticate-agent'
import type { BackPressure } from './back-pressure'
import { type Faults, notAsked, tooLarge } from './faults'
import type { Metrics } from './metrics'
import { toWireError, WireFailure } from './wire-failure'

export type ReceivedPush = {
  push: Push
  /** SHA-256 of the body, hex: the same number with other content is a fault, not a repeat. */
  hash: string
  receivedUs: number
}

/** What storing a push came to; decided by the database in the transaction that stores it. */
export type PushOutcome = { kind: 'stored' | 'repeat' | 'gap' | 'conflict'; lastSeq: number; refused?: WireFailure }

export type ApplyPush = (identity: AgentIdentity, received: ReceivedPush) => Promise<PushOutcome>

type PushHandlerOptions = {
  socket: AgentSocket
  session: { isGreeted: boolean }
  isDraining: () => boolean
  faults: Faults
  applyPush: ApplyPush
  pressure: BackPressure
  metrics: Metrics
  log: Logger
}

export function createPushHandler(options: PushHandlerOptions) {
  const { socket, metrics, faults, log } = options
  return (claim: unknown, ack: (ack: PushAck) => void): void => {
    if (typeof ack !== 'function') return void faults(notAsked('push'))
    const receivedUs = Math.round((performance.timeOrigin + performance.now()) * 1_000)
    const lane = laneOf(claim)
    const stop = metrics.pushSeconds.startTimer({ lane })
    const answer = (reply: PushAck, outcome: string): void => {
      stop()
      metrics.pushes.inc({ lane, outcome })
      ack(reply)
    }
    receive(options, claim, receivedUs).then(
      (outcome) => {
        answer(toAck(outcome), outcome.refused?.code ?? outcome.kind)
        if (outcome.refused) faults(outcome.refused)
      },
      (error: unknown) => {
        const wireError = toWireError(error)
        if (!(error instanceof WireFailure))
          log.error({ err: error, nodeId: socket.data.identity.nodeId }, 'push failed')
        answer({ ok: false, error: wireError, ...lastSeqOf(error) }, wireError.code)
        faults(error)
      },
    )
  }
}

/** A refusal that also says how far the lane is stored. */
class SequenceFailure extends WireFailure {
  constructor(
    code: 'sequence_gap' | 'sequence_conflict',
    message: string,
    readonly lastSeq: number,
  ) {
    super(code, message)
  }
}

const lastSeqOf = (error: unknown): { lastSeq?: number } =>
  error instanceof SequenceFailure ? { lastSeq: error.lastSeq } : {}

async function receive(options: PushHandlerOptions, claim: unknown, receivedUs: number): Promise<PushOutcome> {
  if (options.isDraining()) {
    throw new WireFailure('busy', 'The gateway is restarting. Connect again and go on.', { retryAfterMs: 1_000 })
  }
  if (!options.session.isGreeted) throw new WireFailure('bad_message', 'Say hello before pushing.')
  const { identity } = options.socket.data
  const lane = laneOf(claim)
  if (lane !== 'unknown') options.pressure.requireRoom(identity.nodeId, lane)
  const { push, hash } = parsePush(claim)
  const outcome = await options.pressure.run(identity.nodeId, push.lane, () =>
    options.applyPush(identity, { push, hash, receivedUs }),
  )
  if (outcome.kind === 'gap') {
    throw new SequenceFailure('sequence_gap', `Go on from ${outcome.lastSeq + 1}.`, outcome.lastSeq)
  }
  if (outcome.kind === 'conflict') {
    throw new SequenceFailure(
      'sequence_conflict',
      `Message ${push.seq} of lane ${push.lane} is stored with other content. Go on from ${outcome.lastSeq + 1}.`,
      outcome.lastSeq,
    )
  }
  return outcome
}

function parsePush(claim: unknown): { push: Push; hash: string } {
  const parsed = readAs(Push, claim)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : ''
    throw new WireFailure('bad_message', `The message is malformed${where}: ${issue?.message ?? 'unreadable'}.`)
  }
  const text = JSON.stringify(parsed.data.body)
  if (Buffer.byteLength(text) > MESSAGE_BYTES_MAX) {
    throw tooLarge()
  }
  return { push: parsed.data, hash: createHash('sha256').update(text).digest('hex') }
}

function toAck({ lastSeq, refused }: PushOutcome): PushAck {
  return refused === undefined ? { ok: true, lastSeq } : { ok: false, error: refused.data, lastSeq }
}

function laneOf(claim: unknown): Lane | 'unknown' {
  const parsed = readAs(Lane, (claim as { lane?: unknown } | null)?.lane)
  return parsed.success ? parsed.data : 'unknown'
}
