import { HeldPolicy } from '../../wire/messages'
import type { AgentNamespaceOptions, AgentSocket } from './agent-namespace'
import { type Faults, notAsked } from './faults'
import { WireFailure } from './wire-failure'

type HeldHandlerOptions = Pick<AgentNamespaceOptions, 'recordHeld' | 'log'> & {
  socket: AgentSocket
  session: { isGreeted: boolean }
  faults: Faults
}

/** What a node says it goes by. While one word is being stored only the last of those behind it waits. */
export function createHeldHandler({ socket, session, faults, recordHeld, log }: HeldHandlerOptions) {
  const { identity } = socket.data
  let waiting: HeldPolicy | null = null
  let isStoring = false

  const store = async (): Promise<void> => {
    isStoring = true
    while (waiting !== null) {
      const held: HeldPolicy = waiting
      waiting = null
      await recordHeld(identity, held).catch((err: unknown) =>
        log.error({ err, nodeId: identity.nodeId }, 'storing what a node holds failed'),
      )
    }
    isStoring = false
  }

  return (claim: unknown): void => {
    if (!session.isGreeted) return void faults(notAsked('held'))
    const parsed = HeldPolicy.safeParse(claim)
    if (!parsed.success) return void faults(new WireFailure('bad_message', 'What the node holds is malformed.'))
    waiting = parsed.data
    if (!isStoring) void store()
  }
}
