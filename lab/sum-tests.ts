import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type Failure, sumReports } from './test-reports'

/** Prints what failed and the closing line of bin/test: `sum-tests.ts <folder of JSON reports> [steps that exited non-zero]`. */
const [folder = '.', ...broken] = process.argv.slice(2)
const MESSAGE_CHARS_MAX = 1_500

const reports = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown)
const { passed, failed, failures } = sumReports(reports, broken)
const words = ({ file, title, message }: Failure): string =>
  `FAILED ${relative('.', file)}: ${title}\n${stripVTControlCharacters(message).slice(0, MESSAGE_CHARS_MAX)}\n\n`
process.stdout.write(failures.map(words).join(''))
if (broken.length > 0) process.stdout.write(`Not passed: ${broken.join(', ')}\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
