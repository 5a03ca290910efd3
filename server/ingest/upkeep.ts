import type { Logger } from 'pino'
import type { Clock } from '../core/clock'
import type { SampleStore } from '../db/samples'

const PARTITIONS_MS = 10 * 60_000
const ROLL_UP_MS = 5_000

/** Keeps telemetry in shape: partitions of the days to come, those past keeping, and minutes that changed. */
export function startUpkeep({
  store,
  clock,
  log,
}: {
  store: Pick<SampleStore, 'maintain' | 'rollUp'>
  clock: Clock
  log: Logger
}): () => Promise<void> {
  let rolling: Promise<unknown> | null = null
  const maintain = (): void => {
    store
      .maintain(clock.now())
      .catch((err: unknown) => log.error({ err }, 'partitions of samples could not be made or dropped'))
  }
  const rollUp = (): void => {
    // A replay of days may take longer than the pause between two looks.
    rolling ??= store
      .rollUp(clock.now())
      .catch((err: unknown) => log.error({ err }, 'minutes could not be rolled up; they stay marked'))
      .finally(() => {
        rolling = null
      })
  }
  maintain()
  rollUp()
  const timers = [setInterval(maintain, PARTITIONS_MS), setInterval(rollUp, ROLL_UP_MS)]
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await rolling
  }
}
