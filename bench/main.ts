import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Say } from '../lab/stand'
import { consolePages } from './console'
import { detection } from './detection'
import { fleetPage } from './fleet-page'
import type { Result } from './result'

const BENCHES: Record<string, (root: string, runs: number, say: Say) => Promise<Result<object>>> = {
  console: consolePages,
  detection,
  'fleet-page': fleetPage,
}

const USAGE = `npm run bench -- NAME [options]: published figures, each measured beside its peer.

  NAME       ${Object.keys(BENCHES).join(', ')}
  --runs N   floods of detection (default 10)
  --json     one JSON object on standard output; progress goes to standard error
`
const RUNS_MAX = 100

const started = performance.now()
const say: Say = (line) =>
  void process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`)

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
  })
  const bench = BENCHES[positionals[0] ?? '']
  const runs = Number(values.runs)
  if (!bench || !Number.isInteger(runs) || runs < 1 || runs > RUNS_MAX) {
    process.stderr.write(USAGE)
    return 2
  }
  const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  const result = await bench(root, runs, say)
  process.stdout.write(`${JSON.stringify(result, null, values.json ? undefined : 2)}\n`)
  return 0
}

for (const [name, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.once(name, () => process.exit(128 + number))
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`bench failed: ${error.stack ?? error.message}\n`)
    process.exit(1)
  },
)
