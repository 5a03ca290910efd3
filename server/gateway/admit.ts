import type { AgentNamespaceOptions, AgentSocket } from './agent-namespace'
import type { AgentIdentity } from './authenticate-agent'
import { CUT_MS } from './faults'
import { toWireError, WireFailure } from './wire-failure'

/** Refused proofs on one connection, after which it ends: each costs a look-up and a signature. */
const PROOFS_REFUSED_MAX = 3

type Admission = (socket: AgentSocket, next: (error?: Error) => void) => void

/** Lets in who proves its identity, unless it was cut a moment ago. */
export function admit(
  { authenticate, refusals, log }: AgentNamespaceOptions,
  cut: ReadonlySet<AgentIdentity['nodeId']>,
): Admission {
  const refused = new WeakMap<object, number>()
  return (socket, next) => {
    const refuse = (error: unknown): void => {
      if (!(error instanceof WireFailure)) log.error({ err: error }, 'admitting an agent failed')
      const failure = error instanceof WireFailure ? error : new WireFailure('internal', toWireError(error).message)
      refusals.note('connect', failure, socket.handshake.address)
      next(failure)
      const count = (refused.get(socket.conn) ?? 0) + 1
      refused.set(socket.conn, count)
      if (count >= PROOFS_REFUSED_MAX) setImmediate(() => socket.conn.close())
    }
    authenticate('connect', socket.handshake.auth).then((identity) => {
      if (cut.has(identity.nodeId)) return refuse(cutLately())
      socket.data = { identity, isWatched: null, policy: null, isPolicyStale: false }
      return next()
    }, refuse)
  }
}

const cutLately = (): WireFailure =>
  new WireFailure('busy', 'This node was cut for faulty messages a moment ago. Connect again.', {
    retryAfterMs: CUT_MS,
  })
