import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FLOOD_OUTAGES, floodWithOutage } from '../outage-floods'
import { closeStand, openStand } from '../stand'

/** Outages in the middle of real floods, one after another in one lab. `--only 1,3` runs these alone. */
export async function soak(args: string[], say: (line: string) => void): Promise<number> {
  const root = join(import.meta.dirname, '../..')
  const only = args[0] === '--only' ? (args[1] ?? '').split(',').map(Number) : null
  const wanted = FLOOD_OUTAGES.filter((_, index) => only === null || only.includes(index + 1))
  mkdirSync(join(root, '.data'), { recursive: true })
  const stand = await openStand(root, 2, say, 'outage-floods')
  try {
    const outcomes = []
    for (const outage of wanted) {
      const { name, result, samples, faults } = await floodWithOutage(stand, outage)
      say(`${name}: ${faults.length === 0 ? 'held' : `FAILED: ${faults.join('; ')}`}`)
      const { droppedShareSinceRule } = result.measured
      outcomes.push({ name, stagesMs: result.stagesMs, droppedShareSinceRule, samples, faults })
    }
    process.stdout.write(`${JSON.stringify(outcomes)}\n`)
    return outcomes.every(({ faults }) => faults.length === 0) ? 0 : 1
  } finally {
    await closeStand(stand)
  }
}
