import { join } from 'node:path'
import { allCases, runOutages } from '../outage-matrix'

/** Every case of the outage matrix on one stand. `--from N` skips the first N. */
export async function soak(args: string[], say: (line: string) => void): Promise<number> {
  const root = join(import.meta.dirname, '../..')
  const from = args[0] === '--from' ? Number(args[1]) : 0
  const cases = allCases().slice(from)
  const { results, samples, sampleFaults } = await runOutages(root, join(root, '.data/outages'), cases, say)
  const failed = results.filter(({ faults }) => faults.length > 0)
  const requests = results.reduce((sum, one) => sum + one.requests, 0)
  const repeats = results.reduce((sum, one) => sum + one.repeats, 0)
  const figures = { cases: results.length, failed: failed.length, requests, repeats, samples, sampleFaults }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return failed.length + sampleFaults.length === 0 ? 0 : 1
}
