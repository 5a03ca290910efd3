import type { Lane } from '../../wire/messages'
import { WireFailure } from './wire-failure'

/** Pushes that may wait or run at once. Incidents have room of their own, so samples never crowd them out. */
export type PressureLimits = Record<Lane, { perNode: number; overall: number }>

export const PRESSURE_LIMITS: PressureLimits = {
  incidents: { perNode: 64, overall: 1_024 },
  samples: { perNode: 4, overall: 256 },
}

const RETRY_AFTER_MS: Record<Lane, number> = { incidents: 100, samples: 1_000 }

export type BackPressure = {
  /** Throws `busy` where `run` would: asked before a message costs the work of reading it. */
  requireRoom: (nodeId: string, lane: Lane) => void
  /** Runs one node's pushes of one lane in order of arrival; rejects with `busy` when there is no room. */
  run: <T>(nodeId: string, lane: Lane, work: () => Promise<T>) => Promise<T>
  inFlight: (lane: Lane) => number
  /** Settles when everything accepted for this node, or for all nodes, is done. */
  idle: (nodeId?: string) => Promise<void>
}

type Queue = { length: number; tail: Promise<unknown> }

export function createBackPressure(limits: PressureLimits = PRESSURE_LIMITS): BackPressure {
  const queues = new Map<string, Queue>()
  const overall: Record<Lane, number> = { incidents: 0, samples: 0 }

  const requireRoom: BackPressure['requireRoom'] = (nodeId, lane) => {
    const waiting = queues.get(`${nodeId} ${lane}`)?.length ?? 0
    if (waiting < limits[lane].perNode && overall[lane] < limits[lane].overall) return
    throw new WireFailure('busy', 'The gateway is busy. Send this again later, in order.', {
      retryAfterMs: RETRY_AFTER_MS[lane],
    })
  }

  const run: BackPressure['run'] = async (nodeId, lane, work) => {
    requireRoom(nodeId, lane)
    const key = `${nodeId} ${lane}`
    const queue = queues.get(key) ?? { length: 0, tail: Promise.resolve() }
    queue.length += 1
    overall[lane] += 1
    const result = queue.tail.then(work)
    const release = (): void => {
      overall[lane] -= 1
      queue.length -= 1
      if (queue.length === 0) queues.delete(key)
    }
    queue.tail = result.then(release, release)
    queues.set(key, queue)
    return result
  }

  return {
    requireRoom,
    run,
    inFlight: (lane) => overall[lane],
    idle: async (nodeId) => {
      const waiting = [...queues].filter(([key]) => nodeId === undefined || key.startsWith(`${nodeId} `))
      await Promise.all(waiting.map(([, queue]) => queue.tail))
    },
  }
}
