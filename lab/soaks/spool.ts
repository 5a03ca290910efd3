import { join } from 'node:path'
import { replaySpool } from '../spool-replay'

/** A day of samples and three incidents from a torn spool. `--samples N` takes another length. */
export async function soak(args: string[], say: (line: string) => void): Promise<number> {
  const samples = args[0] === '--samples' ? Number(args[1]) : 86_400
  const root = join(import.meta.dirname, '../..')
  say(`filling a spool with ${samples} samples and 3 incidents`)
  const replay = await replaySpool(root, join(root, '.data/spool'), samples)
  say(`replayed in ${replay.seconds.toFixed(1)} s`)
  process.stdout.write(`${JSON.stringify(replay)}\n`)
  return replay.faults.length === 0 ? 0 : 1
}
