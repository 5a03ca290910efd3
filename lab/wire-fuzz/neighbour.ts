import { setTimeout as wait } from 'node:timers/promises'
import { type AgentSimulator, simulatedSample } from '../../server/testing/agent-simulator'

export type Neighbour = {
  /** Pushes while `work` runs, and gives the times from handing each to its socket to its answer, in ms. */
  during: (work: () => Promise<void>) => Promise<number[]>
  /** Pushes that were not stored. */
  lost: () => number
}

/** An honest node beside the attack: one sample after the other, each stored before the next is sent. */
export function createNeighbour(agent: AgentSimulator, everyMs: number): Neighbour {
  // One second each, from the past on: none lies ahead of the clock.
  const startMs = Date.now() - 40 * 3_600_000
  let lost = 0
  let seq = agent.welcome.cursors.samples

  const pushOnce = async (): Promise<number> => {
    seq += 1
    const begunMs = performance.now()
    const body = { type: 'samples' as const, samples: [simulatedSample(startMs + seq * 1_000)] }
    const answer = await agent.push('samples', seq, body).catch(() => null)
    const tookMs = performance.now() - begunMs
    if (answer?.ok !== true) {
      lost += 1
      await agent.reconnect().catch(() => {})
      seq = agent.welcome.cursors.samples
    }
    return tookMs
  }

  return {
    during: async (work) => {
      const times: number[] = []
      const state = { isWatching: true }
      const run = async (): Promise<void> => {
        while (state.isWatching) {
          times.push(await pushOnce())
          await wait(everyMs)
        }
      }
      const running = run()
      await work().finally(() => {
        state.isWatching = false
      })
      await running
      return times
    },
    lost: () => lost,
  }
}
