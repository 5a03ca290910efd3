import type { Logger } from 'pino'
import type { Clock } from '../core/clock'
import { MINUTE_MS } from '../core/units'
import type { AppDb } from '../db/pool'
import { claimSources } from '../db/source-doors'
import type { Ctx } from '../services/context'
import { getBundleToRead } from '../services/sources/get-bundle'
import { recordSources } from '../services/sources/record'
import { readApart } from './read-apart'
import { type ClaimedBundle, createSourceWorker } from './worker'

const READER = { kind: 'job', name: 'sources' } as const
const LEASE_MS = 5 * MINUTE_MS
const SWEEP_MS = MINUTE_MS

export type SourceReading = { wake: () => void; stop: () => Promise<void> }

/** Reads what was uploaded while no gateway ran, and then each bundle as it comes. */
export function startSourceReading({
  db,
  tables,
  clock,
  log,
}: {
  db: AppDb
  tables: string
  clock: Clock
  log: Logger
}): SourceReading {
  const ctxOf = ({ workspaceId }: ClaimedBundle): Ctx => ({ workspaceId, actor: READER, db, clock })
  const worker = createSourceWorker({
    claim: (limit) => claimSources(db, { limit, nowMs: clock.now(), leaseMs: LEASE_MS }),
    read: async (bundle, signal) => {
      const toRead = await getBundleToRead({ ctx: ctxOf(bundle), input: { evidenceId: bundle.evidenceId } })
      return readApart({ path: bundle.path, ...toRead }, tables, signal)
    },
    record: (bundle, result) =>
      recordSources({
        ctx: ctxOf(bundle),
        input: {
          evidenceId: bundle.evidenceId,
          result:
            'problem' in result
              ? { state: 'unreadable', problem: result.problem.slice(0, 300) }
              : { state: 'read', ...result },
        },
      }),
    log,
  })
  worker.pump()
  const timer = setInterval(worker.pump, SWEEP_MS)
  return {
    wake: worker.pump,
    stop: async () => {
      clearInterval(timer)
      await worker.stop()
    },
  }
}
