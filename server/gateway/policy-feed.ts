import { POLICY_VERSION } from '../../wire/limits'
import type { Policy } from '../../wire/messages'
import type { AgentNamespaceOptions, AgentSocket } from './agent-namespace'

export type PolicyFeedOptions = Pick<AgentNamespaceOptions, 'readPolicies' | 'nowMs' | 'log'> & {
  sockets: () => AgentSocket[]
}

export type PolicyFeed = {
  /** Reads again what the connected nodes of the workspace go by, of all workspaces without one, and tells those for whom it changed. */
  changed: (workspaceId?: string) => void
  /** Notes what a welcome tells; gives it in the words of the node's version. */
  sent: (socket: AgentSocket, policy: Policy) => Policy
  stop: () => void
}

/** Brings changes of policies to the nodes. Changes that come while one is being read are folded into one more reading. */
export function createPolicyFeed({ sockets, readPolicies, nowMs, log }: PolicyFeedOptions): PolicyFeed {
  const reading = new Map<string, { isStale: boolean }>()
  const ends = new Map<string, { atMs: number; timer: NodeJS.Timeout }>()
  let isStopped = false

  async function read(workspaceId: string, state: { isStale: boolean }): Promise<void> {
    do {
      state.isStale = false
      const greeted = inWorkspace(workspaceId).filter(({ data }) => data.policy !== null)
      if (greeted.length === 0) return
      const policies = await readPolicies(
        workspaceId,
        greeted.map(({ data }) => data.identity.nodeId),
      )
      for (const socket of greeted) tell(socket, policies.get(socket.data.identity.nodeId))
    } while (state.isStale)
  }

  const inWorkspace = (workspaceId: string): AgentSocket[] =>
    sockets().filter(({ data }) => data.identity.workspaceId === workspaceId)

  function tell(socket: AgentSocket, policy: Policy | undefined): void {
    if (policy === undefined) return
    const before = socket.data.policy
    const words = note(socket, policy)
    if (JSON.stringify(words) !== JSON.stringify(before)) socket.emit('policy', words)
  }

  function note(socket: AgentSocket, policy: Policy): Policy {
    const words = inWordsOf(socket.data.identity.version, policy, nowMs())
    socket.data.policy = words
    if (policy.stoppedUntilMs !== undefined) changedAt(socket.data.identity.workspaceId, policy.stoppedUntilMs)
    return words
  }

  /** Older nodes do not end a kill switch by themselves. */
  function changedAt(workspaceId: string, atMs: number): void {
    const next = ends.get(workspaceId)
    if (next && next.atMs <= atMs) return
    if (next) clearTimeout(next.timer)
    const ended = (): void => {
      ends.delete(workspaceId)
      changed(workspaceId)
    }
    ends.set(workspaceId, { atMs, timer: setTimeout(ended, Math.max(0, atMs - nowMs()) + 50).unref() })
  }

  function changed(workspaceId?: string): void {
    if (isStopped) return
    if (workspaceId === undefined) {
      for (const id of new Set(sockets().map(({ data }) => data.identity.workspaceId))) changed(id)
      return
    }
    // What is being greeted may have read before the change: it is told once its welcome is out.
    for (const { data } of inWorkspace(workspaceId)) if (data.policy === null) data.isPolicyStale = true
    const running = reading.get(workspaceId)
    if (running) {
      running.isStale = true
      return
    }
    const state = { isStale: false }
    reading.set(workspaceId, state)
    read(workspaceId, state)
      .catch((err: unknown) => log.error({ err, workspaceId }, 'telling nodes their policy failed'))
      .finally(() => reading.delete(workspaceId))
  }

  return {
    changed,
    sent: (socket, policy) => {
      if (socket.data.isPolicyStale) setImmediate(() => changed(socket.data.identity.workspaceId))
      socket.data.isPolicyStale = false
      return note(socket, policy)
    },
    stop: () => {
      isStopped = true
      for (const { timer } of ends.values()) clearTimeout(timer)
    },
  }
}

/** A node of version 1 knows two actions and no kill switch: while that is on it is told to observe everything. */
function inWordsOf(version: number, policy: Policy, nowMs: number): Policy {
  if (version >= POLICY_VERSION) return policy
  const { name, version: number, certain, doubtful, newSourcePps, holdMs, stoppedUntilMs = 0 } = policy
  const isStopped = stoppedUntilMs > nowMs
  return {
    name,
    version: number,
    certain: isStopped ? 'observe' : certain,
    doubtful: isStopped ? 'observe' : doubtful,
    newSourcePps,
    holdMs,
  }
}
