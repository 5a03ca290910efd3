import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createKey, enrol, startAgent } from '../../server/testing/agent-simulator'
import type { RunningPlatform, Stand, StandWorkspace } from '../../server/testing/gateway-stand'
import { type AttackReport, attack, type Captured } from './attack'
import { createNeighbour } from './neighbour'

export type TrialOptions = {
  stand: Stand
  workspace: StandWorkspace
  platform: RunningPlatform
  count: number
  nodes: number
  workers: number
  seed: number
  /** How long the honest node is watched alone. */
  quietMs: number
  say: (line: string) => void
  /** Runs each tenth of the attack; where others measure on the same machine, when it is free. */
  takeTurn?: (work: () => Promise<void>) => Promise<void>
}

const TENTHS = 10

type Times = { pushes: number; p50Ms: number; p99Ms: number; maxMs: number }

export type TrialReport = AttackReport & {
  /** Rows that refused messages left in tables of incidents, samples, evidence and messages. */
  rowsStored: number
  auditRows: number
  neighbour: { alone: Times; beside: Times; lost: number }
  /** Resident memory of the gateway: each tenth of the attack, then at rest. */
  memoryMb: { before: number; tenths: number[]; after: number }
  handles: { before: number; after: number }
  seconds: number
}

const TABLES = ['sample_1s', 'incident', 'incident_timeline', 'surge', 'mitigation', 'evidence', 'outgoing_message']

/** Throws bad messages at a gateway while an honest node goes on, and says what came of it. */
export async function runTrial(options: TrialOptions): Promise<TrialReport> {
  const { stand, workspace, platform, say, takeTurn = (work) => work() } = options
  const honest = await startAgent(platform.url, await workspace.mintToken('honest'))
  const nodes = await capture(options)
  say(`${nodes.length} nodes enrolled`)
  const neighbour = createNeighbour(honest, 100)
  const quiet = () => neighbour.during(() => wait(options.quietMs))
  const alone = summary(await quiet())
  const before = { memory: memoryMb(platform.pid), handles: handles(platform.pid) }
  say(`alone: ${JSON.stringify(alone)}, ${before.memory} MB`)

  const [tenths, times]: [number[], number[]] = [[], []]
  const total: AttackReport = { sent: 0, answers: {}, wrong: [] }
  let seconds = 0
  const attackOnce = async (tenth: number): Promise<void> => {
    const begunMs = performance.now()
    const seed = options.seed * 1_000 + tenth * options.workers
    add(total, await attack({ ...options, url: platform.url, nodes, count: options.count / TENTHS, seed }))
    seconds += (performance.now() - begunMs) / 1_000
  }
  for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
    await takeTurn(async () => {
      times.push(...(await neighbour.during(() => attackOnce(tenth))))
      tenths.push(memoryMb(platform.pid))
    })
    say(`${total.sent} sent in ${seconds.toFixed(0)} s, ${tenths.at(-1)} MB`)
  }
  await quiet()
  const after = { memory: memoryMb(platform.pid), handles: handles(platform.pid) }
  const honestId = honest.enrolment.nodeId.replace('nd_', '')
  honest.close()
  return {
    ...total,
    rowsStored: await countRows(stand, honestId),
    auditRows: Number((await stand.rows("SELECT count(*) AS n FROM audit_entry WHERE action LIKE '%.refused'"))[0]?.n),
    neighbour: { alone, beside: summary(times), lost: neighbour.lost() },
    memoryMb: { before: before.memory, tenths, after: after.memory },
    handles: { before: before.handles, after: after.handles },
    seconds: Math.round(seconds),
  }
}

function add(total: AttackReport, { sent, answers, wrong }: AttackReport): void {
  total.sent += sent
  total.wrong.push(...wrong)
  for (const [kind, count] of Object.entries(answers)) total.answers[kind] = (total.answers[kind] ?? 0) + count
}

async function capture({ platform, workspace, nodes }: TrialOptions): Promise<Captured[]> {
  const captured: Captured[] = []
  for (let at = 0; at < nodes; at += 1) {
    const key = createKey()
    const { nodeId } = await enrol(platform.url, await workspace.mintToken(`captured-${at}`), key)
    captured.push({ nodeId, key, freeAtMs: 0 })
  }
  return captured
}

/** Of all nodes but the honest one. Tables without a node belong to incidents, of which it has none. */
async function countRows({ rows }: Stand, honestId: string): Promise<number> {
  let stored = 0
  for (const table of TABLES) {
    const others = table === 'sample_1s' ? 'WHERE node_id::text <> $1' : 'WHERE $1 <> workspace_id::text'
    const honest = `${honestId.slice(0, 8)}-${honestId.slice(8, 12)}-${honestId.slice(12, 16)}-${honestId.slice(16, 20)}-${honestId.slice(20)}`
    const [row] = await rows(`SELECT count(*) AS n FROM ${table} ${others}`, [honest])
    stored += Number(row?.n)
  }
  return stored
}

const memoryMb = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024)

const handles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

function summary(times: number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => Number((sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1))
  return { pushes: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}
