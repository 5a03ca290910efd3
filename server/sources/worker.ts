import type { Logger } from 'pino'
import type { SourceResult } from './read-apart'

/** A bundle that waits to be read. */
export type ClaimedBundle = { workspaceId: string; evidenceId: string; path: string; attempts: number }

export type SourceWorkerOptions = {
  claim: (limit: number) => Promise<ClaimedBundle[]>
  /** Reads it, or throws when the signal says that it is called off. */
  read: (bundle: ClaimedBundle, signal: AbortSignal) => Promise<SourceResult>
  record: (bundle: ClaimedBundle, result: SourceResult) => Promise<void>
  log: Logger
}

const ATTEMPTS_MAX = 3

/** Reads uploaded bundles, one at a time. Of one that cannot be read the page says so. */
export function createSourceWorker({ claim, read, record, log }: SourceWorkerOptions) {
  let pumping: Promise<void> | null = null
  const stopping = new AbortController()
  let isWanted = false

  const readOne = async (bundle: ClaimedBundle): Promise<void> => {
    const { evidenceId, attempts } = bundle
    try {
      const result = await read(bundle, stopping.signal)
      if ('problem' in result)
        log.warn({ evidenceId, problem: result.problem }, 'the sources of a bundle cannot be read')
      await record(bundle, result)
    } catch (err) {
      // Whoever runs next takes it over when the lease is past.
      if (stopping.signal.aborted) return
      log.error({ err, evidenceId, attempts }, 'reading the sources of a bundle failed')
      if (attempts < ATTEMPTS_MAX) return
      await record(bundle, {
        problem: 'Reading the bundle failed three times. The bundle itself is whole and can be downloaded.',
      })
    }
  }

  const run = async (): Promise<void> => {
    do {
      isWanted = false
      for (let due = await claim(1); due[0] && !stopping.signal.aborted; due = await claim(1)) await readOne(due[0])
    } while (isWanted && !stopping.signal.aborted)
  }

  return {
    pump: (): void => {
      isWanted = true
      pumping ??= run()
        .catch((err: unknown) => log.error({ err }, 'looking for bundles to read failed'))
        .finally(() => {
          pumping = null
        })
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      await pumping
    },
  }
}
