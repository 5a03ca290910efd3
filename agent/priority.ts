import { setPriority } from 'node:os'
import { errorText } from './errors'
import type { Log } from './log'
import type { ForeignFunctions } from './mitigate/nft'

/** Ahead of whatever the host serves, where real time is refused. */
const NICE_REFUSED = -15
/** Ahead of the host's services still, and beside others that were put ahead of them. */
const NICE_CALM = -10
const SCHED = { other: 0, roundRobin: 2, resetOnFork: 0x4000_0000 }

export type Priority = {
  /** From here on before everything else. */
  raise(): void
  /** Does work that is needed soon, but that nobody dies for waiting, without keeping a core from everybody else. */
  calmly<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * Puts the agent before everything else the host runs: in a flood the attacked service takes every core, and the agent
 * must get its millisecond. Real-time round robin (the kernel keeps 5 % for others), inherited by no child; where that is
 * not allowed, the best nice value. Only the main thread: the compiler's helpers would hold its core for 20 ms at a time,
 * and it waits for none of them (agent/package/node-flags.mjs).
 */
export function createPriority(foreign: ForeignFunctions, log: Log): Priority {
  const schedule = foreign.load('libc.so.6').func('int sched_setscheduler(int thread, int policy, const int *priority)')
  /** Of the calling thread, which is the main one. */
  const setPolicy = (policy: number, priority: number): boolean =>
    schedule(0, policy | SCHED.resetOnFork, [priority]) === 0
  const toFront = (): boolean => setPolicy(SCHED.roundRobin, 1)

  let isInFront = false
  let calm = 0
  return {
    raise() {
      isInFront = toFront()
      lowerNice(log, isInFront ? NICE_CALM : NICE_REFUSED)
      if (!isInFront) log.warn('Real-time priority was refused: reactions may take longer.')
    },
    async calmly(work) {
      if (!isInFront) return work()
      if (calm++ === 0) setPolicy(SCHED.other, 0)
      try {
        return await work()
      } finally {
        if (--calm === 0) toFront()
      }
    },
  }
}

function lowerNice(log: Log, nice: number): void {
  try {
    setPriority(nice)
  } catch (error) {
    log.warn(`The agent runs at ordinary priority: ${errorText(error)}`)
  }
}
