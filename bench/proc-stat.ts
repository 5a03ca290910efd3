/** Pure parsers of what /proc says of processes. */

export type ProcessLine = { pid: number; parent: number; name: string; deadChildrenUs: number }

const TICK_US = 10_000

/** /proc/PID/stat. A name may hold spaces and parentheses; the last one closes it. */
export function parseStat(text: string): ProcessLine {
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(fields[1]),
    name: text.slice(text.indexOf('(') + 1, close),
    // Time of children that ended and were waited for: cutime and cstime.
    deadChildrenUs: (Number(fields[13]) + Number(fields[14])) * TICK_US,
  }
}

/** /proc/PID/task/TID/schedstat: time on a core, in microseconds; exact where /proc/PID/stat has ticks of 10 ms. */
export const parseSchedstat = (text: string): number => Number(text.split(' ')[0]) / 1_000

/** `VmRSS` of /proc/PID/status or `Pss` of /proc/PID/smaps_rollup, in kB; 0 of a process that is ending. */
export const parseKilobytes = (text: string, name: 'VmRSS' | 'Pss'): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)

/** A process and all its descendants, itself first. */
export function treeOf(root: number, all: readonly ProcessLine[]): ProcessLine[] {
  const found = all.filter(({ pid }) => pid === root)
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid))
  return found
}
