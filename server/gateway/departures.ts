import type { Logger } from 'pino'
import type { AgentIdentity } from './authenticate-agent'

/** So long a burst is gathered: a switch that dies takes hundreds of nodes at once. */
const GATHER_MS = 100

/**
 * Marks nodes offline, all that left in one burst by one write. Who came back meanwhile is not marked, and nobody is once
 * the gateway itself leaves: the next one hears from them within seconds.
 */
export function createDepartures({
  mark,
  isBack,
  log,
}: {
  mark: (identities: AgentIdentity[]) => Promise<void>
  isBack: (nodeId: string) => boolean
  log: Logger
}): { left: (identity: AgentIdentity) => void; stop: () => void } {
  const waiting = new Map<string, AgentIdentity>()
  let timer: NodeJS.Timeout | null = null
  let isStopped = false

  const markAll = (): void => {
    timer = null
    const gone = [...waiting.values()].filter(({ nodeId }) => !isBack(nodeId))
    waiting.clear()
    if (gone.length > 0) mark(gone).catch((err: unknown) => log.error({ err }, 'marking nodes offline failed'))
  }
  return {
    left: (identity) => {
      if (isStopped) return
      waiting.set(identity.nodeId, identity)
      timer ??= setTimeout(markAll, GATHER_MS)
    },
    stop: () => {
      isStopped = true
      if (timer) clearTimeout(timer)
    },
  }
}
