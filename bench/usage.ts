import { readdirSync, readFileSync } from 'node:fs'
import { type ProcessLine, parseKilobytes, parseSchedstat, parseStat, treeOf } from './proc-stat'

/** What a process and all its descendants use: time on cores since they began, and memory now. */

export type Memory = { rssKb: number; pssKb: number; processes: { name: string; rssKb: number }[] }

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended between the listing and the look.
    return ''
  }
}

function listProcesses(): ProcessLine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readOrEmpty(`/proc/${pid}/stat`))
    .filter(Boolean)
    .map(parseStat)
}

function tasksUs(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    return tasks.reduce(
      (sum, task) => sum + parseSchedstat(readOrEmpty(`/proc/${pid}/task/${task}/schedstat`) || '0'),
      0,
    )
  } catch {
    return 0
  }
}

/** Time on cores of the tree under `root`, children that have ended included, in microseconds. */
export function cpuUs(root: number): number {
  return treeOf(root, listProcesses()).reduce((sum, { pid, deadChildrenUs }) => sum + tasksUs(pid) + deadChildrenUs, 0)
}

/** Time on cores of a kernel thread by its name, e.g. `ksoftirqd/0`. */
export function kernelThreadUs(name: string): number {
  const thread = listProcesses().find((one) => one.name === name)
  return thread ? tasksUs(thread.pid) : 0
}

/** Resident memory of the tree; `pssKb` shares out what several processes map. */
export function memoryOf(root: number): Memory {
  const processes = treeOf(root, listProcesses()).map(({ pid, name }) => ({
    name,
    rssKb: parseKilobytes(readOrEmpty(`/proc/${pid}/status`), 'VmRSS'),
    pssKb: parseKilobytes(readOrEmpty(`/proc/${pid}/smaps_rollup`), 'Pss'),
  }))
  return {
    rssKb: processes.reduce((sum, one) => sum + one.rssKb, 0),
    pssKb: processes.reduce((sum, one) => sum + one.pssKb, 0),
    processes: processes.map(({ name, rssKb }) => ({ name, rssKb })),
  }
}

/** Share of one core that the tree takes over a span, in percent. */
export async function corePercent(root: number, span: () => Promise<void>): Promise<number> {
  const [beforeUs, startedMs] = [cpuUs(root), performance.now()]
  await span()
  return ((cpuUs(root) - beforeUs) / ((performance.now() - startedMs) * 1_000)) * 100
}

/** Looks at the tree's memory again and again, and keeps the highest. */
export class MemoryPeak {
  peak: Memory
  #timer: NodeJS.Timeout

  constructor(root: number, everyMs = 50) {
    this.peak = memoryOf(root)
    this.#timer = setInterval(() => {
      const now = memoryOf(root)
      if (now.rssKb > this.peak.rssKb) this.peak = now
    }, everyMs)
  }

  stop(): Memory {
    clearInterval(this.#timer)
    return this.peak
  }
}
