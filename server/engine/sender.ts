import type { Logger } from 'pino'
import { SealBroken } from '../core/seal'
import type { IncidentNotice, SendResult } from '../notify/channel'
import type { ChannelRegistry } from '../notify/registry'
import { type NextStep, planNext } from './retry-plan'

/** A message that this engine alone may send until its lease ends. Ids as in the database. */
export type ClaimedMessage = {
  workspaceId: string
  messageId: string
  incidentId: string
  destinationId: string
  channel: string
  settings: unknown
  notice: IncidentNotice
  /** Attempts made before this one. */
  attempts: number
  /** An earlier attempt began and no answer to it was recorded. */
  mayBeRepeat: boolean
  /** Of several recipients, those that earlier attempts reached. */
  reached: string[]
  createdUs: number
}

export type Attempt = { message: ClaimedMessage; attempt: number; result: SendResult; next: NextStep }

export type MessageQueue = {
  /** Due messages, first in order of their incident and destination, locked against other engines. */
  claim: (limit: number) => Promise<ClaimedMessage[]>
  /** Stores the delivery row and what follows from it, in one transaction. */
  record: (attempt: Attempt) => Promise<void>
}

export type SenderOptions = {
  queue: MessageQueue
  channels: ChannelRegistry
  /** What the destination was set up with; throws when it cannot be read. */
  openSettings: (message: ClaimedMessage) => unknown
  nowUs: () => number
  random: () => number
  log: Logger
  onAttempt: (attempt: Attempt) => void
  sweepMs?: number
  inFlightMax?: number
}

export type Sender = {
  start: () => void
  /** Looks for due messages now; called on NOTIFY. */
  wake: () => void
  /** Claims no more and waits until what is on the wire is recorded. */
  stop: () => Promise<void>
}

/** Sends messages at least once, in order per incident and destination. The queue is the memory; this only moves. */
export function createSender(options: SenderOptions): Sender {
  const { queue, log, sweepMs = 1_000, inFlightMax = 64 } = options
  const inFlight = new Set<Promise<void>>()
  let isRunning = false
  let pumping: Promise<void> | null = null
  let isAskedAgain = false
  let sweep: NodeJS.Timeout | undefined

  const pumpOnce = async (): Promise<void> => {
    const room = inFlightMax - inFlight.size
    if (room <= 0) return
    for (const message of await queue.claim(room)) {
      const task = deliver(options, message)
        .catch((err: unknown) => log.error({ err, messageId: message.messageId }, 'attempt was not recorded'))
        .finally(() => {
          inFlight.delete(task)
          wake()
        })
      inFlight.add(task)
    }
  }

  const pump = async (): Promise<void> => {
    do {
      isAskedAgain = false
      await pumpOnce().catch((err: unknown) => log.error({ err }, 'claiming messages failed'))
    } while (isAskedAgain && isRunning)
    pumping = null
  }

  const wake = (): void => {
    if (!isRunning) return
    if (pumping === null) pumping = pump()
    else isAskedAgain = true
  }

  return {
    start: () => {
      isRunning = true
      sweep = setInterval(wake, sweepMs)
      wake()
    },
    wake,
    stop: async () => {
      isRunning = false
      clearInterval(sweep)
      await pumping
      await Promise.all(inFlight)
    },
  }
}

async function deliver(options: SenderOptions, message: ClaimedMessage): Promise<void> {
  const { queue, nowUs, random, log, onAttempt } = options
  const result = await attemptOnce(options, message)
  const attempt = message.attempts + 1
  const made: Attempt = { message, attempt, result, next: planNext(attempt, result, random()) }
  log.info(
    {
      incidentId: message.incidentId,
      messageId: message.messageId,
      type: message.notice.type,
      attempt,
      outcome: result.outcome,
      replyCode: result.replyCode,
      startedUs: result.startedUs,
      finishedUs: result.finishedUs,
      mayBeRepeat: message.mayBeRepeat,
      detail: result.outcome === 'delivered' ? undefined : result.detail,
    },
    'alert request',
  )
  await queue.record(made)
  onAttempt({ ...made, result: { ...result, finishedUs: result.finishedUs || nowUs() } })
}

async function attemptOnce(options: SenderOptions, message: ClaimedMessage): Promise<SendResult> {
  const { channels, openSettings, nowUs, log } = options
  const refused = (outcome: SendResult['outcome'], detail: string): SendResult => ({
    outcome,
    replyCode: null,
    mayHaveArrived: false,
    reached: [],
    detail,
    retryAfterMs: null,
    startedUs: null,
    finishedUs: nowUs(),
  })
  const channel = channels.get(message.channel)
  if (channel === null) return refused('failed', `There is no channel '${message.channel}'.`)
  const { messageId, notice, mayBeRepeat, reached } = message
  try {
    const settings = channel.settings.safeParse(openSettings(message))
    if (!settings.success) return refused('failed', 'The settings of this destination are not valid. Save them again.')
    return await channel.send({
      settings: settings.data,
      messageId,
      thread: { id: `${message.incidentId}.${message.destinationId}`, isFirst: notice.type === 'incident.opened' },
      body: channel.render(notice, { mayBeRepeat }),
      mayBeRepeat,
      reached,
    })
  } catch (err) {
    if (err instanceof SealBroken) return refused('retry', `The settings of this destination: ${err.message}`)
    log.error({ err, channel: message.channel }, 'channel failed')
    return refused('retry', 'The channel failed.')
  }
}
