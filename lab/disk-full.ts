import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { pino } from 'pino'
import { openSpool } from '../agent/link/spool'
import { waitUntilLearned } from './agents'
import { until } from './clock'
import { runFlood } from './flood-run'
import { runInside } from './network'
import { askDatabase, faultsOfFlood } from './outage-floods'
import { sampleOf } from './outage-sample'
import type { RunResult } from './result'
import { ATTACKED, demoFolders, playersPerNode, type Stand } from './stand'

/** A match server whose agents' disk is full when the flood comes, and whose platform is away. */

/** Half an hour of samples a segment or so: enough of them that the oldest can go many times. */
const OLD_SAMPLES = 20_000
const DISK_MIB = 64

export type FullDisk = {
  result: RunResult
  /** What `status` prints to a person in mid-flood. */
  said: string
  /** Old samples by their place in time: what is stored, and what the disk had no room for. */
  samples: { stored: number; first: number; last: number }
  /** Actions of the audit log by which the platform was told. */
  audit: string[]
}

/** Puts the agents of the stand to come on a small disk of their own; the function it gives back takes it away. */
export async function mountSmallDisk(root: string, name: string): Promise<() => Promise<void>> {
  const at = join(demoFolders(root, name).data, '../agents')
  mkdirSync(at, { recursive: true })
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=700`, 'tmpfs', at])
  return async () => {
    await execa('umount', ['--lazy', at])
  }
}

export async function floodOnFullDisk(stand: Stand): Promise<FullDisk> {
  const agent = stand.agents.find(({ node }) => node === ATTACKED)!
  await agent.close()
  await stand.platform.stopGateway()
  const baseMs = Math.floor(Date.now() / 1_000 - 30 * 3_600) * 1_000
  await spoolOldSamples(agent.stateDir, baseMs)
  agent.start()
  await waitUntilLearned([agent], playersPerNode(), stand.sayTo)
  fillDisk(join(agent.stateDir, '../filler'))
  stand.sayTo('disk full, platform away')
  const running = runFlood(stand, { scenario: 'udp-flood', variant: 'fixed', seconds: 8, drill: 'stop-gateway' })
  running.catch(() => {})
  const said = await until('status to say that the disk is full', () => diskLine(stand, agent.stateDir), {
    timeoutMs: 90_000,
    everyMs: 1_000,
  })
  const result = await running
  const samples = await oldSamples(stand, baseMs)
  const audit = await askDatabase<{ action: string }>(
    stand,
    "SELECT DISTINCT action FROM audit_entry WHERE action LIKE 'node.disk%' ORDER BY action",
  )
  rmSync(join(agent.stateDir, '../filler'))
  return { result, said, samples, audit: audit.map(({ action }) => action) }
}

async function spoolOldSamples(stateDir: string, baseMs: number): Promise<void> {
  const spool = openSpool({
    directory: join(stateDir, 'spool/samples'),
    name: 'samples',
    bytesMax: null,
    memoryMax: 1e6,
    sync: false,
    log: pino({ level: 'silent' }),
  })
  for (let second = 0; second < OLD_SAMPLES; second += 1) spool.append(JSON.stringify(sampleOf(baseMs, second)), 0)
  await spool.close()
}

/** Takes every byte that is left. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w')
  for (const bytes of [1024 ** 2, 4_096, 1]) {
    const chunk = Buffer.alloc(bytes)
    try {
      for (;;) if (writeSync(file, chunk) < bytes) break
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(file)
}

async function diskLine({ lab, folders }: Stand, stateDir: string): Promise<string | null> {
  const args = [join(folders.root, 'agent/dist/tidegate.mjs'), 'status', '--state-dir', stateDir]
  const text = await runInside(lab.id, ATTACKED, process.execPath, args).catch(() => '')
  return text.split('\n').find((line) => line.startsWith('disk')) ?? null
}

/** Old samples at the platform, once the newest of them has arrived. */
async function oldSamples(stand: Stand, baseMs: number): Promise<FullDisk['samples']> {
  const read = async () => {
    const [row] = await askDatabase<FullDisk['samples']>(
      stand,
      `SELECT count(*)::int AS stored, (extract(epoch FROM min(at)) - ${baseMs / 1_000})::int AS first,
         (extract(epoch FROM max(at)) - ${baseMs / 1_000})::int AS last FROM sample_1s
       WHERE at >= to_timestamp(${baseMs / 1_000}) AND at < to_timestamp(${baseMs / 1_000 + OLD_SAMPLES})`,
    )
    return row!
  }
  return until(
    'the newest of the old samples',
    async () => {
      const found = await read()
      return found.last === OLD_SAMPLES - 1 ? found : null
    },
    { timeoutMs: 60_000, everyMs: 1_000 },
  )
}

/** What a full disk must not do. */
export function faultsOfFullDisk({ result, said, samples, audit }: FullDisk): string[] {
  const { stored, first, last } = samples
  return [
    ...faultsOfFlood(result),
    ...((result.measured.droppedShareSinceRule ?? 0) >= 0.99 ? [] : ['less than 99 % was dropped']),
    ...(first > 0 ? [] : ['the oldest samples did not go']),
    ...(stored === last - first + 1 ? [] : [`${last - first + 1 - stored} samples behind the oldest are missing`]),
    ...(/full: the oldest samples/.test(said) ? [] : [`status says: ${said}`]),
    ...(audit.includes('node.disk_full') ? [] : ['the platform was not told']),
  ]
}
