import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { countTable, listNft } from './observer'
import { childrenOf } from './outage-process'
import type { NodeName } from './topology'

/** What a process and those it started hold at one moment. */
export type Vitals = { memoryMb: number; handles: number; sockets: number; threads: number; processes: number }

/** Memory is proportional (Pss): what several processes share is counted once. A process that just ended counts nothing. */
export function vitalsOf(pid: number): Vitals {
  const family = [pid, ...childrenOf(pid)]
  const each = family.map(vitalsOfOne)
  const sum = (name: keyof Vitals) => each.reduce((total, vitals) => total + vitals[name], 0)
  return {
    memoryMb: Math.round(sum('memoryMb') * 10) / 10,
    handles: sum('handles'),
    sockets: sum('sockets'),
    threads: sum('threads'),
    processes: sum('processes'),
  }
}

function vitalsOfOne(pid: number): Vitals {
  try {
    const pssKb = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
    const handles = readdirSync(`/proc/${pid}/fd`)
    const targets = handles.map((handle) => targetOf(`/proc/${pid}/fd/${handle}`))
    return {
      memoryMb: pssKb / 1_024,
      handles: handles.length,
      sockets: targets.filter((target) => target.startsWith('socket:')).length,
      threads: readdirSync(`/proc/${pid}/task`).length,
      processes: 1,
    }
  } catch {
    return { memoryMb: 0, handles: 0, sockets: 0, threads: 0, processes: 0 }
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}

/** Rules, chains and elements of every table on a node, verified clients included. */
export async function rulesOn(runId: string, node: NodeName): Promise<number> {
  const listing = await listNft(runId, node)
  return listing === null ? 0 : countTable(listing)
}

/** Change in an hour by least squares through (seconds, value). Pure. */
export function slopePerHour(points: readonly { seconds: number; value: number }[]): number {
  const n = points.length
  if (n < 2) return 0
  const meanX = points.reduce((sum, { seconds }) => sum + seconds, 0) / n
  const meanY = points.reduce((sum, { value }) => sum + value, 0) / n
  const covariance = points.reduce((sum, { seconds, value }) => sum + (seconds - meanX) * (value - meanY), 0)
  const variance = points.reduce((sum, { seconds }) => sum + (seconds - meanX) ** 2, 0)
  return variance === 0 ? 0 : (covariance / variance) * 3_600
}
