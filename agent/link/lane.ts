import { SAMPLE_AGE_MS_MAX } from '../../wire/limits'
import type { Lane as LaneName, Push, PushAck, PushBody, WireErrorCode } from '../../wire/messages'
import type { Log } from '../log'
import type { SpoolRecord } from './segments'
import type { Sent, Spool } from './spool'

export type LaneOptions = {
  name: LaneName
  spool: Spool
  log: Log
  /** Pushes on the way at once. */
  window: number
  /** Records that may travel in one push. */
  recordsPerPush: number
  /** Whether records that nobody waits for may go now. */
  isDue(pending: number): boolean
  /** Hands a push to the socket; the answer may never come. */
  transmit(push: Push, answered: (ack: PushAck) => void): void
  /** Called when the gateway has everything this lane holds. */
  onIdle(): void
}

export type Lane = {
  push(body: PushBody): void
  /** The gateway stores everything up to `seq`: sending starts behind it. */
  begin(seq: number): Promise<void>
  /** The socket is gone. */
  end(): void
  /** Looks again whether something is due. */
  pump(): void
  /** Records the gateway has not confirmed. */
  readonly pending: number
  /** Whether everything pushed so far is on disk; resolves when that is known. */
  settled(): Promise<boolean>
  close(): Promise<void>
}

/** One push is kept far below the message limit, so that an incident never waits long behind samples. */
const PUSH_CHARACTERS_MAX = 96 * 1024
/** Longer than the pause between two batches in peace, whose own writing makes this one needless. */
const CURSOR_DELAY_MS = 30_000
const RETRY_MS = 2_000
const REFUSED_FOR_GOOD: readonly WireErrorCode[] = ['bad_message', 'too_large', 'too_old']

/**
 * Numbers records when they are sent, never before: so numbers do not skip even where the spool let records go.
 * What went under which number is on disk before it can matter: in the record itself when it was sent the moment it
 * was taken, in the cursor file when it was sent later.
 */
export function createLane(options: LaneOptions): Lane {
  const { name, spool, log } = options
  const isHot = options.recordsPerPush === 1
  let acked = { seq: spool.cursor.seq, ordinal: spool.cursor.ordinal }
  let sent: Sent[] = [...spool.cursor.sent]
  /** Groups that may have reached the gateway under a number: they go again as they went. */
  let planned = sent
  let lastSeq = acked.seq
  let next = acked.ordinal
  let isUp = false
  let isPumping = false
  /** Answers to what was sent before the last restart of the numbering are void. */
  let epoch = 0
  let cursorTimer: NodeJS.Timeout | null = null
  let retryTimer: NodeJS.Timeout | null = null

  const keepCursor = (): void => {
    if (cursorTimer) clearTimeout(cursorTimer)
    cursorTimer = null
    spool.keepCursor({ ...acked, sent })
  }

  const keepCursorSoon = (): void => {
    cursorTimer ??= setTimeout(keepCursor, CURSOR_DELAY_MS).unref()
  }

  const pause = (): void => {
    isUp = false
    epoch += 1
    if (retryTimer) clearTimeout(retryTimer)
    retryTimer = null
  }

  /** Everything unconfirmed is sent again, numbered from `seq` + 1 on. */
  const restart = (seq: number): void => {
    pause()
    acked.seq = seq
    lastSeq = seq
    next = acked.ordinal
    sent = []
    isUp = true
    pump()
  }

  const confirm = (seq: number): void => {
    while (sent[0] && sent[0].seq <= seq) {
      acked = { seq: sent[0].seq, ordinal: sent[0].end }
      sent = sent.slice(1)
    }
    keepCursorSoon()
    if (acked.ordinal >= spool.end) options.onIdle()
    pump()
  }

  const transmit = (seq: number, body: PushBody): void => {
    const sentIn = epoch
    options.transmit({ lane: name, seq, body }, (ack) => {
      if (sentIn !== epoch) return
      if (ack.ok) confirm(ack.lastSeq)
      else refused(seq, ack)
    })
  }

  const refused = (seq: number, { error, lastSeq: stored }: Extract<PushAck, { ok: false }>): void => {
    const isSequence = error.code === 'sequence_gap' || error.code === 'sequence_conflict'
    if (isSequence && stored !== undefined) {
      log.warn({ lane: name, seq, stored }, `The gateway counts otherwise: ${error.message}`)
      restart(stored)
    } else if (stored !== undefined && stored >= seq) {
      log.warn({ lane: name, seq, code: error.code }, `The gateway did not take a message: ${error.message}`)
      confirm(stored)
    } else if (sent[0]?.seq === seq && REFUSED_FOR_GOOD.includes(error.code)) {
      log.error({ lane: name, seq, code: error.code }, `A message is refused for good and let go: ${error.message}`)
      acked.ordinal = sent[0].end
      restart(seq - 1)
    } else retryLater(error.retryAfterMs ?? RETRY_MS)
  }

  const retryLater = (delayMs: number): void => {
    const { seq } = acked
    pause()
    planned = sent
    retryTimer = setTimeout(() => restart(seq), delayMs).unref()
  }

  const groupEnd = (seq: number, records: readonly SpoolRecord[]): number => {
    const before = planned.find((one) => one.seq === seq && one.start === next)
    if (before) return before.end
    let characters = 0
    let end = next
    for (const { ordinal, body } of records.slice(0, options.recordsPerPush)) {
      characters += body.length
      if (end > next && characters > PUSH_CHARACTERS_MAX) break
      end = ordinal + 1
    }
    return end
  }

  const pump = (): void => {
    if (isPumping || !isUp || next >= spool.end) return
    isPumping = true
    void pumpAll().finally(() => {
      isPumping = false
      if (isUp && next < spool.end && sent.length < options.window && options.isDue(spool.end - next)) pump()
    })
  }

  const pumpAll = async (): Promise<void> => {
    while (isUp && next < spool.end && sent.length < options.window && options.isDue(spool.end - next)) {
      const startedIn = epoch
      const free = options.window - sent.length
      const records = await spool.read(next, options.recordsPerPush * free)
      if (startedIn !== epoch) return
      const pushes = number(records, free)
      if (pushes.length === 0) continue
      // Written before the socket: after a crash the same records go under the same numbers.
      keepCursor()
      planned = sent
      for (const { seq, body } of pushes) transmit(seq, body)
    }
  }

  /** Numbers as many groups of these records as fit, and moves on behind them. */
  const number = (records: readonly SpoolRecord[], free: number): { seq: number; body: PushBody }[] => {
    const pushes: { seq: number; body: PushBody }[] = []
    let rest = records
    while (rest.length > 0 && pushes.length < free) {
      const start = next
      const end = groupEnd(lastSeq + 1, rest)
      const group = rest.filter(({ ordinal }) => ordinal < end)
      rest = rest.slice(group.length)
      next = end
      const body = merge(group)
      if (body) {
        lastSeq += 1
        sent = [...sent, { seq: lastSeq, start, end }]
        pushes.push({ seq: lastSeq, body })
      } else if (sent.length === 0) acked.ordinal = end
    }
    if (records.length === 0) next = spool.end
    return pushes
  }

  return {
    push(body) {
      const text = JSON.stringify(body)
      const goesNow = isHot && isUp && !isPumping && next === spool.end && sent.length < options.window
      if (!goesNow) {
        spool.append(text, 0)
        pump()
        return
      }
      lastSeq += 1
      transmit(lastSeq, body)
      const start = spool.append(text, lastSeq)
      next = start + 1
      sent = [...sent, { seq: lastSeq, start, end: next }]
    },

    async begin(seq) {
      pause()
      const startedIn = epoch
      for (const one of sent) if (one.seq <= seq) acked.ordinal = Math.max(acked.ordinal, one.end)
      acked.ordinal = await behindStored(spool, acked, seq)
      if (startedIn !== epoch) return
      planned = sent.filter((one) => one.seq > seq)
      restart(seq)
      keepCursorSoon()
    },

    end() {
      pause()
    },

    pump,
    settled: () => spool.settled(),

    get pending() {
      return spool.end - acked.ordinal
    },

    async close() {
      pause()
      keepCursor()
      await spool.close()
    },
  }
}

/** First record the gateway does not have, by the numbers written into records that were sent as they were taken. */
async function behindStored(spool: Spool, acked: { seq: number; ordinal: number }, seq: number): Promise<number> {
  let ordinal = acked.ordinal
  for (;;) {
    const records = await spool.read(ordinal, 256)
    const stop = records.findIndex((record) => record.seq === 0 || record.seq <= acked.seq || record.seq > seq)
    const stored = stop < 0 ? records : records.slice(0, stop)
    ordinal = (stored.at(-1)?.ordinal ?? ordinal - 1) + 1
    if (stop >= 0 || records.length === 0) return ordinal
  }
}

/** Body of one push; null when all of it is too old to be taken. */
function merge(group: readonly SpoolRecord[]): PushBody | null {
  const bodies = group.flatMap(({ body }) => {
    try {
      return [JSON.parse(body) as PushBody]
    } catch {
      return []
    }
  })
  const [first] = bodies
  if (first?.type !== 'samples') return first ?? null
  const oldestMs = Date.now() - SAMPLE_AGE_MS_MAX
  const samples = bodies.flatMap((body) => (body.type === 'samples' ? body.samples : []))
  const fresh = samples.filter(({ atMs }) => atMs > oldestMs)
  return fresh.length > 0 ? { type: 'samples', samples: fresh } : null
}
