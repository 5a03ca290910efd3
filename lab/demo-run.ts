import { type FloodOrder, runFlood } from './flood-run'
import type { RunResult } from './result'
import type { Stand } from './stand'
import { runSurge } from './surge-run'

/** One run of any scenario in a standing lab. */
export function runScenario(stand: Stand, order: FloodOrder): Promise<RunResult> {
  const { scenario } = order
  return scenario === 'surge' ? runSurge(stand, order) : runFlood(stand, { ...order, scenario })
}
