import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createNetwork } from './network'
import {
  namespaceIdentity,
  namespaceName,
  ownerLives,
  processStart,
  type RunFile,
  readRunFiles,
  removeRunFile,
  writeRunFile,
} from './run-file'
import { ROLES, type Role } from './topology'

export type Lab = {
  id: string
  namespace: (role: Role) => string
  /** Ends every process in the run's namespaces and removes them. Synchronous, so it also works while the process exits. */
  close: () => void
}

/** Builds the namespaces of a new run, after removing what dead runs left behind. `holds` names what no two runs may share. */
export async function openLab({ holds = [] }: { holds?: string[] } = {}): Promise<Lab> {
  sweepStaleRuns()
  const taken = readRunFiles().find((run) => run.holds.some((held) => holds.includes(held)))
  if (taken)
    throw new Error(
      `another run (${taken.id}, process ${taken.ownerPid}) uses ${taken.holds.join(', ')}; wait for it or end it`,
    )
  const run: RunFile = {
    id: randomBytes(3).toString('hex'),
    ownerPid: process.pid,
    ownerStart: processStart(process.pid) ?? '',
    holds,
    outside: namespaceIdentity('/proc/self/ns/net'),
    namespaces: {},
  }
  writeRunFile(run)
  const close = closeOnce(run.id)
  process.once('exit', close)
  try {
    await createNetwork(run.id)
    for (const role of ROLES) {
      const name = namespaceName(run.id, role)
      run.namespaces[role] = { name, identity: namespaceIdentity(`/run/netns/${name}`) }
    }
    writeRunFile(run)
  } catch (error) {
    close()
    throw error
  }
  return { id: run.id, namespace: (role) => namespaceName(run.id, role), close }
}

function closeOnce(runId: string): () => void {
  let closed = false
  return () => {
    if (closed) return
    closed = true
    removeRun(runId)
  }
}

/** Removes namespaces and run files of runs whose owner is gone. Answers their ids. */
export function sweepStaleRuns(): string[] {
  const stale = readRunFiles().filter((run) => !ownerLives(run))
  for (const run of stale) removeRun(run.id)
  return stale.map((run) => run.id)
}

function removeRun(runId: string): void {
  const names = ROLES.map((role) => namespaceName(runId, role))
  signalProcesses(names, 'SIGTERM')
  for (let waited = 0; waited < 30 && pidsIn(names).length > 0; waited += 1) spawnSync('sleep', ['0.1'])
  signalProcesses(names, 'SIGKILL')
  for (const name of names) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
  removeRunFile(runId)
}

/** Processes inside the named namespaces, never this one: it stays outside. */
function pidsIn(names: string[]): number[] {
  return names.flatMap((name) => {
    const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
    return (stdout ?? '').split('\n').filter(Boolean).map(Number)
  })
}

function signalProcesses(names: string[], signal: NodeJS.Signals): void {
  for (const pid of pidsIn(names)) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended between the listing and the signal.
    }
  }
}
