import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { execa, execaSync } from 'execa'
import type { DatabaseUrls } from '../../server/db/provision'
import { connectDatabase } from '../../server/testing/connect-database'
import { openStand } from '../../server/testing/gateway-stand'
import { runTrial, type TrialOptions, type TrialReport } from '../wire-fuzz/trial'

const OPTIONS = {
  count: { type: 'string', default: '1000000' },
  nodes: { type: 'string', default: '300' },
  workers: { type: 'string', default: '12' },
  seed: { type: 'string', default: '1' },
  port: { type: 'string', default: '6010' },
} as const

/**
 * Bad messages at the built gateway on a real database, beside an honest node. 0 only if all of it held. `takeTurn`: see
 * `runTrial`.
 */
export async function soak(
  args: string[],
  say: (line: string) => void,
  takeTurn?: TrialOptions['takeTurn'],
): Promise<number> {
  const { port, ...numbers } = parseArgs({ args, options: OPTIONS }).values
  const { count, nodes, workers, seed } = numbers
  // Ended from outside it still takes its processes along.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const { urls, close } = await startDatabase(port)
  const options = { database: connectDatabase(urls), entry: 'dist/server/main.mjs' }
  const stand = await openStand({ LOG_LEVEL: 'info' }, options)
  const workspace = await stand.addWorkspace()
  const platform = await stand.start('gateway')
  const report = await runTrial({
    stand,
    workspace,
    platform,
    count: Number(count),
    nodes: Number(nodes),
    workers: Number(workers),
    seed: Number(seed),
    quietMs: 20_000,
    say,
    takeTurn,
  })
  await platform.stop()
  await stand.close()
  close()
  const faults = faultsOf(report)
  process.stdout.write(`${JSON.stringify({ ...report, faults }, null, 2)}\n`)
  return faults.length === 0 ? 0 : 1
}

/** A database of the soak's own, taken down however the process ends. */
async function startDatabase(port: string): Promise<{ urls: DatabaseUrls; close: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-wire-'))
  // The server may run as another user, who must get through.
  chmodSync(folder, 0o755)
  const main = ['--import', 'tsx', 'server/db/main.ts']
  const at = ['--data', join(folder, 'db'), '--port', port, '--json']
  const close = (): void => {
    process.off('exit', close)
    execaSync(process.execPath, [...main, 'down', ...at], { reject: false })
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', close)
  const { stdout } = await execa(process.execPath, [...main, 'up', ...at])
  return { urls: JSON.parse(stdout) as DatabaseUrls, close }
}

/** Memory at the end may be this much above the second tenth: the first still fills caches. */
const GROWTH_MAX = 1.15

/** What did not hold, as sentences. */
export function faultsOf({ wrong, rowsStored, neighbour, memoryMb, handles }: TrialReport): string[] {
  const warm = memoryMb.tenths[1] ?? Number.NaN
  const last = memoryMb.tenths.at(-1) ?? Number.NaN
  return [
    ...wrong.map((one) => `wrong answer: ${one}`),
    ...(rowsStored > 0 ? [`${rowsStored} rows were stored`] : []),
    ...(neighbour.lost > 0 ? [`the honest node lost ${neighbour.lost} pushes`] : []),
    ...(last > warm * GROWTH_MAX ? [`memory went from ${warm} to ${last} MB`] : []),
    ...(handles.after > handles.before + 5 ? [`open files went from ${handles.before} to ${handles.after}`] : []),
  ]
}
