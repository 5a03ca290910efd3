import { setTimeout as wait } from 'node:timers/promises'
import { type AgentSimulator, simulatedSample } from '../../server/testing/agent-simulator'

export type Neighbour = {
  /** Times from handing a push to its socket to its answer, since the last call, in ms. */
  take: () => number[]
  /** Pushes that were not stored. */
  lost: () => number
  stop: () => Promise<void>
}

/** An honest node beside the attack: one sample after the other, each stored before the next is sent. */
export function startNeighbour(agent: AgentSimulator, everyMs: number): Neighbour {
  const times: number[] = []
  let isStopped = false
  let lost = 0
  let seq = agent.welcome.cursors.samples
  const run = async (): Promise<void> => {
    // One second each, from the past on: none lies ahead of the clock.
    const startMs = Date.now() - 40 * 3_600_000
    while (!isStopped) {
      seq += 1
      const begunMs = performance.now()
      const body = { type: 'samples' as const, samples: [simulatedSample(startMs + seq * 1_000)] }
      const answer = await agent.push('samples', seq, body).catch(() => null)
      times.push(performance.now() - begunMs)
      if (answer?.ok !== true) {
        lost += 1
        if (answer === null) await agent.reconnect().catch(() => {})
        seq = agent.welcome.cursors.samples
      }
      await wait(everyMs)
    }
  }
  const running = run()
  return {
    take: () => times.splice(0),
    lost: () => lost,
    stop: async () => {
      isStopped = true
      await running
    },
  }
}
