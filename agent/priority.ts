import { setPriority } from 'node:os'
import { execa } from 'execa'
import { errorText } from './errors'
import type { Log } from './log'

const NICE = -15

/** `priority`: 1 is enough to go before ordinary processes; a higher one goes before a lower one. */
type Process = { pid: number; priority: number }

/**
 * Puts these processes before everything else the host runs: in a flood the attacked service takes every core, and
 * the agent must get its millisecond. Real-time round robin (the kernel keeps 5 % for others), inherited by no child;
 * where that is not allowed, the best nice value. Only the main thread: the compiler's helpers would hold its core for
 * 20 ms at a time, and it waits for none of them (agent/heap.ts).
 */
export async function raisePriority(processes: readonly Process[], log: Log): Promise<void> {
  for (const { pid, priority } of processes) {
    try {
      await execa('chrt', ['--rr', '--reset-on-fork', '--pid', String(priority), String(pid)], {
        timeout: 5_000,
      })
    } catch (error) {
      log.warn(
        { pid },
        `Real-time priority was refused (${errorText(error).split('\n')[0]}): reactions may take longer.`,
      )
      lowerNice(pid, log)
    }
  }
}

function lowerNice(pid: number, log: Log): void {
  try {
    setPriority(pid, NICE)
  } catch (error) {
    log.warn({ pid }, `The agent runs at ordinary priority: ${errorText(error)}`)
  }
}
