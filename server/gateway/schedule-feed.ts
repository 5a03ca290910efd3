import type { Logger } from 'pino'
import type { Schedule } from '../../wire/messages'
import type { AgentGate } from './agent-namespace'

export type ScheduleFeed = {
  /** Groups or their times changed in this workspace. */
  changed: (workspaceId: string) => void
  /** A node connected: what its welcome said may have changed while it was on its way. */
  greeted: (node: { workspaceId: string; nodeId: string }) => void
  stop: () => void
}

/** Nodes are told some days ahead; those that stay connected longer are told the next ones. */
const AGAIN_MS = 60 * 60_000

/** Tells connected nodes when a larger audience is expected, as soon as that changes: each only what is new to it. */
export function createScheduleFeed({
  agents,
  read,
  log,
}: {
  agents: Pick<AgentGate, 'connected' | 'sendSchedule'>
  read: (workspaceId: string, nodeIds: string[]) => Promise<Map<string, Schedule['windows']>>
  log: Logger
}): ScheduleFeed {
  /** What each connected node was told last, by workspace: who left meanwhile is told anew. */
  const told = new Map<string, Map<string, string>>()
  const reading = new Map<string, { isStale: boolean }>()

  const tell = async (workspaceId: string, state: { isStale: boolean }): Promise<void> => {
    while (state.isStale) {
      state.isStale = false
      const nodeIds = agents.connected().get(workspaceId) ?? []
      const before = told.get(workspaceId)
      const now = new Map<string, string>()
      told.delete(workspaceId)
      if (nodeIds.length === 0) return
      for (const [nodeId, windows] of await read(workspaceId, nodeIds)) {
        const text = JSON.stringify(windows)
        if (before?.get(nodeId) !== text) agents.sendSchedule(nodeId, { windows })
        now.set(nodeId, text)
      }
      told.set(workspaceId, now)
    }
  }
  const changed = (workspaceId: string): void => {
    const running = reading.get(workspaceId)
    if (running) {
      running.isStale = true
      return
    }
    const state = { isStale: true }
    reading.set(workspaceId, state)
    tell(workspaceId, state)
      .catch((err: unknown) => log.error({ err, workspaceId }, 'telling nodes their schedule failed'))
      .finally(() => reading.delete(workspaceId))
  }
  const timer = setInterval(() => {
    for (const workspaceId of agents.connected().keys()) changed(workspaceId)
  }, AGAIN_MS)
  return {
    changed,
    greeted: ({ workspaceId, nodeId }) => {
      told.get(workspaceId)?.delete(nodeId)
      changed(workspaceId)
    },
    stop: () => clearInterval(timer),
  }
}
