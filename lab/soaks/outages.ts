import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { allCases, runOutages } from '../outage-matrix'

/** Every case of the outage matrix on one stand; `--from N` and `--to N` take a part of them. */
export async function soak(args: string[], say: (line: string) => void): Promise<number> {
  const root = join(import.meta.dirname, '../..')
  const { values } = parseArgs({ args, options: { from: { type: 'string', default: '1' }, to: { type: 'string' } } })
  const cases = allCases().slice(Number(values.from) - 1, values.to === undefined ? undefined : Number(values.to))
  const { results, samples, sampleFaults } = await runOutages(root, join(root, '.data/outages'), cases, say)
  const failed = results.filter(({ faults }) => faults.length > 0)
  const requests = results.reduce((sum, one) => sum + one.requests, 0)
  const repeats = results.reduce((sum, one) => sum + one.repeats, 0)
  const figures = { cases: results.length, failed: failed.length, requests, repeats, samples, sampleFaults }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return failed.length + sampleFaults.length === 0 ? 0 : 1
}
