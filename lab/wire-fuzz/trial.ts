import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createKey, enrol, startAgent } from '../../server/testing/agent-simulator'
import type { RunningPlatform, Stand, StandWorkspace } from '../../server/testing/gateway-stand'
import { type AttackReport, attack, type Captured } from './attack'
import { startNeighbour } from './neighbour'

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
}

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
  const { stand, workspace, platform, count, say } = options
  const honest = await startAgent(platform.url, await workspace.mintToken('honest'))
  const nodes = await capture(options)
  say(`${nodes.length} nodes enrolled`)
  const neighbour = startNeighbour(honest, 100)
  await wait(options.quietMs)
  const before = { memory: memoryMb(platform.pid), handles: handles(platform.pid), alone: summary(neighbour.take()) }
  say(`alone: ${JSON.stringify(before.alone)}, ${before.memory} MB`)

  const begunMs = performance.now()
  const tenths: number[] = []
  let sent = 0
  const reportOf = await attack({
    ...options,
    url: platform.url,
    nodes,
    onProgress: (now) => {
      sent = now
      if (sent < (count / 10) * (tenths.length + 1)) return
      tenths.push(memoryMb(platform.pid))
      say(`${sent} sent, ${tenths.at(-1)} MB`)
    },
  })
  const seconds = Math.round((performance.now() - begunMs) / 1_000)
  const beside = summary(neighbour.take())
  await wait(options.quietMs)
  await neighbour.stop()
  const after = { memory: memoryMb(platform.pid), handles: handles(platform.pid) }
  const honestId = honest.enrolment.nodeId.replace('nd_', '')
  honest.close()
  return {
    ...reportOf,
    rowsStored: await countRows(stand, honestId),
    auditRows: Number((await stand.rows("SELECT count(*) AS n FROM audit_entry WHERE action LIKE '%.refused'"))[0]?.n),
    neighbour: { alone: before.alone, beside, lost: neighbour.lost() },
    memoryMb: { before: before.memory, tenths, after: after.memory },
    handles: { before: before.handles, after: after.handles },
    seconds,
  }
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
