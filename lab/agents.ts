import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { DEFAULT_BRAND, namesOf } from '../agent/config'
import { until } from './clock'
import { inNamespace, runInside } from './network'
import { ended, type Folders, gatewayUrl } from './platform'
import { NODES, type NodeName } from './topology'

/** Agents as they are shipped: the built bundle, driven by its own commands inside each match server's namespace. */

const NAMES = namesOf(DEFAULT_BRAND)
export const CUT_TABLE = NAMES.tables.cut
export const SENSE_TABLE = NAMES.tables.sense

const Status = z.looseObject({ ready: z.boolean(), verifiedClients: z.number() })
export type AgentStatus = z.infer<typeof Status>

export type Agent = {
  node: NodeName
  stateDir: string
  status: () => Promise<AgentStatus | null>
  /** kill -9, as a crash would end it. */
  kill: () => Promise<void>
  start: () => void
  /** Ends the agent and takes what it had learned: started again it meets its players for the first time. */
  forget: () => Promise<void>
  close: () => Promise<void>
}

const bundle = (root: string): string => join(root, `agent/dist/${NAMES.command}.mjs`)

export async function enrolAgent(runId: string, folders: Folders, node: NodeName, token: string): Promise<Agent> {
  const stateDir = join(folders.data, `../agents/${node}`)
  rmSync(stateDir, { recursive: true, force: true })
  const command = (args: string[]) =>
    runInside(runId, node, process.execPath, [bundle(folders.root), ...args, '--state-dir', stateDir])
  await command(['enroll', '--gateway', gatewayUrl(NODES[node].platform4), '--token', token])
  let child: ChildProcess | null = null
  const start = () => {
    child = startAgent(runId, folders, node, stateDir)
  }
  start()
  return {
    node,
    stateDir,
    start,
    status: async () => {
      const output = await command(['status', '--json']).catch(() => '')
      const parsed = output === '' ? null : Status.safeParse(JSON.parse(output))
      return parsed?.success ? parsed.data : null
    },
    kill: async () => {
      if (child) await ended(child, 'SIGKILL')
    },
    forget: async () => {
      if (child) await ended(child, 'SIGTERM')
      rmSync(join(stateDir, 'baseline.json'), { force: true })
    },
    close: async () => {
      if (child) await ended(child, 'SIGTERM')
    },
  }
}

/**
 * trafgen takes core 0 and sends in the kernel, where this kernel does not preempt it: an agent woken there would wait
 * for a generator that in life is another machine.
 */
function besideGenerator(): string[] {
  const cores = cpus().length
  return cores > 1 ? ['taskset', '--cpu-list', cores === 2 ? '1' : `1-${cores - 1}`] : []
}

function startAgent(runId: string, folders: Folders, node: NodeName, stateDir: string): ChildProcess {
  const [first, ...rest] = [...besideGenerator(), bundle(folders.root), 'run', '--state-dir', stateDir]
  const [command, args] = inNamespace(runId, node, first!, rest)
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const log = createWriteStream(join(folders.logs, `agent-${node}.log`), { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  return child
}

/** Waits until every agent has learned its baseline and knows most of its players. */
export async function waitUntilLearned(
  agents: Agent[],
  players: Record<NodeName, number>,
  say: (line: string) => void,
): Promise<void> {
  for (const agent of agents) {
    const wanted = Math.ceil(players[agent.node] * 0.9)
    await until(
      `${agent.node} to learn its baseline and ${wanted} verified clients`,
      async () => {
        const status = await agent.status()
        if (status)
          say(
            `${agent.node}: ${status.ready ? 'baseline learned' : 'learning'}, ${status.verifiedClients} verified clients`,
          )
        return status?.ready && status.verifiedClients >= wanted ? true : null
      },
      { timeoutMs: 120_000, everyMs: 1_000 },
    )
  }
}

/** Runs the offline verifier on a bundle; true when it exits 0. */
export async function verifyBundle(root: string, path: string, publicKey: string): Promise<boolean> {
  const { exitCode } = await execa(process.execPath, [bundle(root), 'verify', path, '--public-key', publicKey], {
    reject: false,
    timeout: 30_000,
  })
  return exitCode === 0
}
