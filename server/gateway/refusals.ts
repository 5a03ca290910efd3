import type { Logger } from 'pino'
import type { WireErrorCode } from '../../wire/messages'
import type { Metrics } from './metrics'
import type { About, WireFailure } from './wire-failure'

/** At which door something was refused. */
export type Door = 'connect' | 'enrol' | 'push' | 'upload'

export type RefusalNote = { door: Door; code: WireErrorCode; message: string; count: number }

export type RefusalsOptions = {
  /** Writes one line into the audit log of the workspace it is about. */
  audit: (about: About, note: RefusalNote) => Promise<void>
  metrics: Metrics
  log: Logger
  nowMs?: () => number
  windowMs?: number
  keysMax?: number
}

export type Refusals = {
  /** `from`: the address, for the log, where no workspace is known. */
  note: (door: Door, failure: WireFailure, from?: string) => void
  /** Writes how often what was noted came again, once its window is over; all of it when `isLast`. */
  flush: (isLast?: boolean) => Promise<void>
}

/** Says when it is full or restarting, and numbers that do not fit after a restart: no fault of anybody's. */
const NO_FAULT: readonly WireErrorCode[] = ['busy', 'internal', 'sequence_gap']

type Kept = { door: Door; failure: WireFailure; from: string | undefined; sinceMs: number; more: number }

/**
 * Makes a line of every refusal, and of a flood of them two: the first at once, and how many followed within the window.
 * So whoever floods fills neither the audit table nor the log.
 */
export function createRefusals(options: RefusalsOptions): Refusals {
  const { audit, metrics, log, nowMs = Date.now, windowMs = 600_000, keysMax = 5_000 } = options
  const kept = new Map<string, Kept>()
  const writing = new Set<Promise<void>>()

  const write = async ({ door, failure, from }: Kept, count: number): Promise<void> => {
    const { code, message, about } = failure
    if (about === null) log.warn({ audit: `${door}.refused`, code, from, count }, message)
    else await audit(about, { door, code, message, count })
  }
  const writeLater = (one: Kept, count: number): void => {
    const done = write(one, count)
      .catch((err: unknown) => log.error({ err, door: one.door }, 'a refusal was not audited'))
      .finally(() => writing.delete(done))
    writing.add(done)
  }
  const end = (key: string, one: Kept): void => {
    kept.delete(key)
    if (one.more > 0) writeLater(one, one.more)
  }

  return {
    note: (door, failure, from) => {
      metrics.refusals.inc({ door, code: failure.code })
      if (NO_FAULT.includes(failure.code)) return
      // Strangers are one, or whoever has many addresses would fill the log.
      const key = `${door} ${failure.code} ${failure.about?.workspaceId} ${failure.about?.id}`
      const known = kept.get(key)
      if (known !== undefined && nowMs() - known.sinceMs < windowMs) {
        known.more += 1
        return
      }
      if (known !== undefined) end(key, known)
      const [oldest] = kept
      if (oldest !== undefined && kept.size >= keysMax) end(...oldest)
      const first: Kept = { door, failure, from, sinceMs: nowMs(), more: 0 }
      kept.set(key, first)
      writeLater(first, 1)
    },
    flush: async (isLast = false) => {
      const over = [...kept].filter(([, { sinceMs }]) => isLast || nowMs() - sinceMs >= windowMs)
      for (const [key, one] of over) end(key, one)
      await Promise.all(writing)
    },
  }
}
