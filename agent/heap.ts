import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ForeignFunctions } from './mitigate/nft'

// The young generation otherwise grows with the first burst and stays: 14 MB more for an agent that has 80 in all.
setFlagsFromString('--semi-space-growth-factor=1')

// Code that has not run for a while would be thrown away and compiled anew in front of the first cut.
setFlagsFromString('--no-flush-bytecode')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/**
 * What gives back memory that was used once, at start or by an incident that is over: of itself the collector comes only when
 * the heap has grown several times over, and the C library keeps what lies between two pieces in use.
 */
export function createCollector(foreign: ForeignFunctions): () => void {
  const trim = foreign.load('libc.so.6').func('int malloc_trim(size_t pad)')
  return () => {
    collect()
    trim(0)
  }
}

const MADV_DONTNEED = 4

/**
 * Gives back the pages of Node's own file that only starting needed, 25 MB of 40: what runs again is mapped again from the
 * page cache. Only mappings without one page of our own, which therefore hold nothing but what the file holds.
 */
export function releaseStartupPages(foreign: ForeignFunctions): void {
  const madvise = foreign.load('libc.so.6').func('int madvise(uint64_t address, uint64_t length, int advice)')
  for (const { from, to } of pureFileMappings(readFileSync('/proc/self/smaps', 'utf8'), process.execPath))
    madvise(from, to - from, MADV_DONTNEED)
}

/** Mappings of a file that are not writable and hold no page of the process's own. Pure. @param smaps /proc/PID/smaps */
export function pureFileMappings(smaps: string, path: string): { from: bigint; to: bigint }[] {
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((mapping) => {
    const [, from, to, rights, file] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ +(.*)$/m.exec(mapping) ?? []
    const own = Number(/^Anonymous: +(\d+) kB$/m.exec(mapping)?.[1] ?? 1)
    if (file !== path || rights?.includes('w') || own > 0) return []
    return [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }]
  })
}

/** So much code must run in a function before the optimizing compiler takes it, once what matters has been through it. */
const INTERRUPT_BUDGET = 32 * 1024 ** 2

/** From here on the compiler leaves lukewarm code alone: in a flood it would take as much time as the judge. */
export function calmCompiler(): void {
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`)
}
