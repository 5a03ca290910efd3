import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, createWriteStream, readdirSync, readFileSync } from 'node:fs'
import { childEnv } from '../server/env'
import { until } from './clock'

/** A process that a supervisor keeps alive, as systemd or `bin/up` would, and that may be killed at any moment. */
export type Supervised = {
  /** Starts it, again and again until it is ready. */
  start: () => Promise<void>
  /** kill -9, and nobody starts it again before `start`. */
  kill: () => Promise<void>
  readonly pid: number
  /** How often it ended by itself after it was ready. */
  readonly deaths: number
}

/** What still runs goes with this process, however it ends. */
const alive = new Set<number>()
process.once('exit', () => {
  for (const pid of alive) signalFamily(pid, 'SIGKILL')
})
export const endWithUs = (pid: number): void => void alive.add(pid)

const AGAIN_MS = 300
const READY_MS = 60_000

export type Program = {
  name: string
  args: () => string[]
  env: () => Record<string, string>
  cwd: string
  logFile: string
  /** True when the process is ready; asked with what it has written so far. */
  isReady: (output: string) => Promise<boolean>
  onSpawn?: (child: ChildProcess) => void
  ipc?: boolean
}

export function supervise(program: Program): Supervised {
  let child: ChildProcess | null = null
  let wasReady = false
  let deaths = 0

  const launch = (): { child: ChildProcess; output: () => string } => {
    const stdio = ['ignore', 'pipe', 'pipe', ...(program.ipc ? ['ipc' as const] : [])] as ('ignore' | 'pipe')[]
    const env = childEnv(program.env())
    const launched = spawn(process.execPath, program.args(), { cwd: program.cwd, env, stdio })
    const log = createWriteStream(program.logFile, { flags: 'a' })
    let output = ''
    for (const stream of [launched.stdout, launched.stderr]) {
      stream?.pipe(log, { end: false })
      stream?.on('data', (part: Buffer) => {
        output = (output + part).slice(-20_000)
      })
    }
    if (launched.pid) endWithUs(launched.pid)
    launched.once('exit', () => {
      alive.delete(launched.pid ?? 0)
      if (!wasReady) return
      deaths += 1
      appendFileSync(program.logFile, `--- ${program.name} ended by itself, started again\n`)
      child = launch().child
    })
    program.onSpawn?.(launched)
    return { child: launched, output: () => output }
  }

  return {
    get pid() {
      return child?.pid ?? 0
    },
    get deaths() {
      return deaths
    },
    async start() {
      let current = launch()
      child = current.child
      const look = async (): Promise<true | null> => {
        if (current.child.exitCode !== null) {
          await new Promise((done) => setTimeout(done, AGAIN_MS))
          appendFileSync(program.logFile, `--- ${program.name} ended with ${current.child.exitCode}, started again\n`)
          current = launch()
          child = current.child
          return null
        }
        return (await program.isReady(current.output())) ? true : null
      }
      await until(`${program.name} to be ready`, look, { timeoutMs: READY_MS, everyMs: 50 })
      wasReady = true
    },
    async kill() {
      wasReady = false
      const killed = child
      if (!killed || killed.exitCode !== null || killed.signalCode !== null) return
      const ended = new Promise((done) => killed.once('exit', done))
      killed.kill('SIGKILL')
      await ended
    },
  }
}

/** Processes that `pid` started, directly. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid)
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

/** Sends a signal to a process and all that it started; what ended meanwhile is fine. */
export function signalFamily(pid: number, signal: NodeJS.Signals): void {
  for (const one of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(one, signal)
    } catch {
      // It ended between the listing and the signal.
    }
  }
}
