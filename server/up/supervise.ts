import { type ChildProcess, spawn } from 'node:child_process'

export type Program = { name: string; script: string; env: NodeJS.ProcessEnv; cwd: string }

export type Supervised = {
  /** Ends it and does not start it again. */
  stop: () => Promise<void>
  /** Process id, or null between two starts. */
  pid: () => number | null
}

export type Backoff = { firstMs: number; lastMs: number; steadyMs: number }

/** A program that ran for `steadyMs` is not in a loop of crashes: the next restart is quick again. */
export const BACKOFF: Backoff = { firstMs: 250, lastMs: 30_000, steadyMs: 60_000 }

/** How long to wait before the next start, from how long the last run lived and what was waited before it. */
export function nextDelayMs(livedMs: number, beforeMs: number, { firstMs, lastMs, steadyMs }: Backoff): number {
  if (livedMs >= steadyMs || beforeMs === 0) return firstMs
  return Math.min(beforeMs * 2, lastMs)
}

const STOP_MS_MAX = 20_000

/**
 * Keeps a program running until it is stopped. It writes to our own standard error and has a session of its own: it
 * outlives a supervisor that is killed, whose successor ends it by its mark.
 */
export function supervise(program: Program, say: (line: string) => void, backoff = BACKOFF): Supervised {
  let child: ChildProcess | null = null
  let timer: NodeJS.Timeout | null = null
  let isStopping = false
  let delayMs = 0

  function start(): void {
    timer = null
    const startedMs = performance.now()
    const started = spawn(process.execPath, [program.script], {
      cwd: program.cwd,
      env: program.env,
      stdio: ['ignore', 2, 2],
      detached: true,
    })
    child = started
    const ended = (how: string): void => {
      if (child !== started) return
      child = null
      if (isStopping) return
      delayMs = nextDelayMs(performance.now() - startedMs, delayMs, backoff)
      say(`${program.name} ended (${how}); it is started again in ${delayMs / 1_000} s.`)
      timer = setTimeout(start, delayMs)
    }
    started.once('error', (error) => ended(error.message))
    started.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`))
  }

  start()
  return {
    pid: () => child?.pid ?? null,
    stop: async () => {
      isStopping = true
      if (timer) clearTimeout(timer)
      if (child) await endProcess(child)
    },
  }
}

function endProcess(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    child.once('exit', () => {
      clearTimeout(force)
      done()
    })
    child.kill('SIGTERM')
  })
}
