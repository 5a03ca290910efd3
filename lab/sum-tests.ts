import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sumReports } from './test-reports'

/** Prints the closing line of bin/test: `sum-tests.ts <folder of JSON reports> <steps that exited non-zero>`. */
const [folder = '.', broken = '0'] = process.argv.slice(2)
const reports = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown)
const { passed, failed } = sumReports(reports, Number(broken))
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
