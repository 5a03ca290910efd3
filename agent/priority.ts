import { setPriority } from 'node:os'
import { execa } from 'execa'
import { errorText } from './errors'
import type { Log } from './log'

const NICE = -15

/**
 * Puts the agent before everything else the host runs: in a flood the attacked service takes every core, and the agent
 * must get its millisecond. Real-time round robin (the kernel keeps 5 % for others), inherited by no child; where that is
 * not allowed, the best nice value. Only the main thread: the compiler's helpers would hold its core for 20 ms at a time,
 * and it waits for none of them (agent/heap.ts).
 */
export async function raisePriority(log: Log): Promise<void> {
  try {
    await execa('chrt', ['--rr', '--reset-on-fork', '--pid', '1', String(process.pid)], { timeout: 5_000 })
  } catch (error) {
    log.warn(`Real-time priority was refused (${errorText(error).split('\n')[0]}): reactions may take longer.`)
    lowerNice(log)
  }
}

function lowerNice(log: Log): void {
  try {
    setPriority(NICE)
  } catch (error) {
    log.warn(`The agent runs at ordinary priority: ${errorText(error)}`)
  }
}
