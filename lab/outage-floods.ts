import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { findEmbedded } from '../server/db/embedded'
import { CUT_TABLE } from './agents'
import { pass, until } from './clock'
import { runFlood } from './flood-run'
import { runInside } from './network'
import { countCutTable } from './observer'
import { signalFamily } from './outage-process'
import type { RunResult } from './result'
import { ATTACKED, type Stand } from './stand'

/** Outages in the middle of a real flood, in the lab: victims die when the rule stands, and come back 10 s later. */

export const FLOOD_VICTIMS = ['gateway', 'database', 'agent'] as const
export type FloodVictim = (typeof FLOOD_VICTIMS)[number]

export type FloodOutage = {
  victims: readonly FloodVictim[]
  /** Killed and started again, or stopped in its tracks (SIGSTOP) and let go on. */
  how: 'killed' | 'frozen'
}

export const outageName = ({ victims, how }: FloodOutage): string =>
  `${victims.join(' and ')} ${how} for 10 s in mid-flood`

export const FLOOD_OUTAGES: FloodOutage[] = [
  { victims: ['database'], how: 'frozen' },
  { victims: ['database'], how: 'killed' },
  { victims: ['gateway'], how: 'killed' },
  { victims: ['agent'], how: 'killed' },
  { victims: ['gateway', 'database'], how: 'killed' },
  { victims: ['gateway', 'agent'], how: 'killed' },
  { victims: ['database', 'agent'], how: 'killed' },
]

export type FloodOutcome = { name: string; result: RunResult; samples: SampleRun; faults: string[] }

/** Seconds of one node as stored, from the first to the last of them within the flood and what surrounds it. */
export type SampleRun = { stored: number; seconds: number; gaps: { afterMs: number; seconds: number }[] }

export const GATEWAY = /dist\/server\/main\.mjs/
/** Next names its process itself. */
export const WEB = /standalone\/server\.js|next-server/

const GONE_MS = 10_000
const FLOOD_SECONDS = 16

export async function floodWithOutage(stand: Stand, outage: FloodOutage): Promise<FloodOutcome> {
  const fromMs = Date.now()
  const running = runFlood(stand, { scenario: 'udp-flood', variant: 'fixed', seconds: FLOOD_SECONDS, drill: null })
  running.catch(() => {})
  const striking = (async () => {
    await until(
      'the rule to stand',
      async () => ((await countCutTable(stand.lab.id, ATTACKED, CUT_TABLE)) > 0 ? true : null),
      {
        timeoutMs: 60_000,
        everyMs: 50,
      },
    )
    const revive = await strike(stand, outage)
    stand.sayTo(`outage: ${outageName(outage)}`)
    await pass(GONE_MS)
    await revive()
    stand.sayTo('outage: over')
  })()
  const [result] = await Promise.all([running, striking])
  const samples = await samplesSince(stand, fromMs)
  return {
    name: outageName(outage),
    result,
    samples,
    faults: [...faultsOfFlood(result), ...faultsOfRun(samples, outage)],
  }
}

/** Ends or stops the victims; the function it gives back brings them back. */
async function strike(stand: Stand, { victims, how }: FloodOutage): Promise<() => Promise<void>> {
  const back: (() => Promise<void>)[] = []
  for (const victim of victims) {
    if (victim === 'agent') {
      const agent = stand.agents.find(({ node }) => node === ATTACKED)!
      await agent.kill()
      back.push(async () => agent.start())
    } else if (victim === 'gateway') {
      process.kill(platformPid(stand, GATEWAY), 'SIGKILL')
      back.push(() => stand.platform.startGateway())
    } else {
      const pid = (await findEmbedded(stand.folders.data))?.pid ?? 0
      signalFamily(pid, how === 'frozen' ? 'SIGSTOP' : 'SIGKILL')
      back.unshift(how === 'frozen' ? async () => signalFamily(pid, 'SIGCONT') : () => startDatabase(stand))
    }
  }
  return async () => {
    for (const revive of back) await revive()
  }
}

async function startDatabase({ lab, folders, platform }: Stand): Promise<void> {
  const { port } = new URL(platform.databaseUrl)
  const up = ['server/db/main.ts', 'up', '--data', folders.data, '--port', port, '--temporary', '--json']
  await runInside(lab.id, 'platform', process.execPath, ['--import', 'tsx', ...up], {
    cwd: folders.root,
    timeout: 60_000,
  })
}

/** Process of the platform whose command line shows this program. */
export function platformPid({ lab }: Stand, program: RegExp): number {
  const { stdout } = spawnSync('ip', ['netns', 'pids', lab.namespace('platform')], { encoding: 'utf8' })
  const pid = stdout
    .split('\n')
    .filter(Boolean)
    .find((one) => program.test(commandOf(one)))
  if (pid === undefined) throw new Error(`no process of the platform matches ${program}`)
  return Number(pid)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** One incident from the first attack packet to its end, told once, nothing left. */
export function faultsOfFlood(result: RunResult): string[] {
  const { measured } = result
  return [
    ...(result.incidents === 1 ? [] : [`one flood became ${result.incidents} incidents`]),
    ...(result.incident?.state === 'resolved' ? [] : [`the incident is ${result.incident?.state ?? 'missing'}`]),
    ...(result.rulesLeft === 0 ? [] : [`${result.rulesLeft} rules are left`]),
    ...(measured.alertsOpened === 1 ? [] : [`the alert went out ${measured.alertsOpened} times`]),
    ...(result.stagesMs.detected !== null && result.stagesMs.ruleInKernel !== null ? [] : ['its times are lost']),
    ...(result.evidence?.verified ? [] : ['the evidence did not verify']),
  ]
}

function faultsOfRun({ gaps, stored, seconds }: SampleRun, { victims }: FloodOutage): string[] {
  // A dead agent measures nothing: one gap, as long as it was away.
  const allowed = victims.includes('agent') ? 1 : 0
  return [
    ...(gaps.length > allowed ? [`samples are missing: ${JSON.stringify(gaps)}`] : []),
    ...(stored > seconds ? [`${stored - seconds} samples are there twice`] : []),
  ]
}

export async function askDatabase<Row>({ lab, folders, platform }: Stand, sql: string): Promise<Row[]> {
  const args = ['--import', 'tsx', 'lab/ask-database.ts', platform.databaseUrl, sql]
  return JSON.parse(await runInside(lab.id, 'platform', process.execPath, args, { cwd: folders.root })) as Row[]
}

/** The attacked node's samples since then, once those up to now have arrived. */
export async function samplesSince(stand: Stand, fromMs: number): Promise<SampleRun> {
  const toMs = Date.now()
  const read = async (): Promise<number[]> => {
    const rows = await askDatabase<{ ms: number }>(
      stand,
      `SELECT (extract(epoch FROM s.at) * 1000)::float8 AS ms FROM sample_1s s JOIN node n ON n.id = s.node_id
       WHERE n.name = '${ATTACKED}' AND s.at >= to_timestamp(${fromMs / 1_000}) ORDER BY s.at`,
    )
    return rows.map(({ ms }) => ms)
  }
  const times = await until(
    'the samples up to now',
    async () => {
      const found = await read()
      return (found.at(-1) ?? 0) >= toMs - 1_000 ? found : null
    },
    { timeoutMs: 60_000, everyMs: 1_000 },
  )
  const all = times.map((ms) => Math.floor(ms / 1_000))
  const seconds = [...new Set(all)]
  const gaps = seconds.flatMap((second, index) => {
    const before = seconds[index - 1]
    return before === undefined || second === before + 1
      ? []
      : [{ afterMs: before * 1_000, seconds: second - before - 1 }]
  })
  return { stored: all.length, seconds: seconds.length, gaps }
}
