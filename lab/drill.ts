import { pass, until } from './clock'
import type { Counters } from './counters'
import { ATTACKED, type Stand } from './stand'

/** Failures played in the middle of a flood. Each answers what an outside observer saw. */

export const DRILLS = ['kill-agent', 'stop-gateway'] as const
export type Drill = (typeof DRILLS)[number]

/** How long after the kill the drops may last before the observer gives up waiting for their end. */
const DROPS_END_MS = 10_000

export type DrillReport = {
  drill: Drill
  /** From the kill to the moment at which the flood reached the server again; null when it never did. */
  dropsEndedMs: number | null
}

/** What a drill does around a flood. */
export type DrillSteps = {
  beforeFlood: () => Promise<void>
  /** Runs while the flood does; `samples` grows meanwhile. */
  midFlood: (samples: readonly Counters[]) => Promise<DrillReport | null>
  afterFlood: () => Promise<void>
}

const nothing = async () => {}

export function drillSteps(stand: Stand, drill: Drill | null, seconds: number): DrillSteps {
  if (drill === 'stop-gateway') {
    return {
      beforeFlood: async () => {
        await stand.platform.stopGateway()
        stand.sayTo('drill: gateway stopped')
      },
      midFlood: async () => ({ drill, dropsEndedMs: null }),
      afterFlood: async () => {
        await stand.platform.startGateway()
        stand.sayTo('drill: gateway is back')
      },
    }
  }
  if (drill === 'kill-agent') {
    const agent = stand.agents.find(({ node }) => node === ATTACKED)!
    return {
      beforeFlood: nothing,
      midFlood: async (samples) => {
        await pass((seconds * 1000) / 3)
        await agent.kill()
        stand.sayTo('drill: agent killed with SIGKILL, nothing restarted')
        return { drill, dropsEndedMs: await untilDropsEnd(stand, samples) }
      },
      afterFlood: async () => {
        agent.start()
        stand.sayTo('drill: agent started again')
      },
    }
  }
  return { beforeFlood: nothing, midFlood: async () => null, afterFlood: nothing }
}

/** Share of packets on the wire that were delivered over the last 100 ms of samples. */
function deliveredShare(samples: readonly Counters[]): number {
  const last = samples.at(-1)!
  const first = samples.findLast(({ atUs }) => atUs <= last.atUs - 100_000) ?? samples[0]!
  const wire = last.wirePackets - first.wirePackets
  return wire === 0 ? 0 : (last.deliveredPackets - first.deliveredPackets) / wire
}

/** kill -9 with nothing restarted: when did the flood reach the server again, with nobody left to lift a rule? */
async function untilDropsEnd(stand: Stand, samples: readonly Counters[]): Promise<number | null> {
  const killedUs = samples.at(-1)!.atUs
  const endedUs = await until('the drops to end', () => (deliveredShare(samples) > 0.9 ? samples.at(-1)!.atUs : null), {
    timeoutMs: DROPS_END_MS,
    everyMs: 20,
  }).catch(() => null)
  if (endedUs === null) {
    stand.sayTo(`drill: drops went on for ${DROPS_END_MS / 1000} s after the kill`)
    return null
  }
  const dropsEndedMs = (endedUs - killedUs) / 1000
  stand.sayTo(`drill: drops ended ${Math.round(dropsEndedMs)} ms after the kill`)
  return dropsEndedMs
}
