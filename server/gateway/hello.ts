import { Hello, type Policy, type Welcome, type WireError } from '../../wire/messages'
import { readAs } from '../../wire/read'
import type { AgentNamespaceOptions, AgentSocket } from './agent-namespace'
import { type Faults, notAsked } from './faults'
import { toWireError, WireFailure } from './wire-failure'

type HelloHandlerOptions = AgentNamespaceOptions & {
  socket: AgentSocket
  session: { isGreeted: boolean }
  faults: Faults
  /** Called with the policy that goes into the welcome, before it leaves; gives what this node is told of it. */
  onPolicy: (socket: AgentSocket, policy: Policy) => Policy
}

/** Takes one hello a connection: it costs a transaction, and nobody needs a second. */
export function createHelloHandler(options: HelloHandlerOptions) {
  const { socket, session, faults, log } = options
  const { nodeId, workspaceId } = socket.data.identity
  let hellos = 0
  return (hello: unknown, ack: (answer: Welcome | { error: WireError }) => void): void => {
    if (typeof ack !== 'function') return void faults(notAsked('hello'))
    hellos += 1
    const greeting = hellos > 1 ? Promise.reject(again()) : greet(options, hello)
    greeting.then(
      (welcome) => {
        session.isGreeted = true
        ack(welcome)
        socket.data.isWatched = options.isWatched(workspaceId, nodeId)
        socket.emit('watch', socket.data.isWatched)
      },
      (error: unknown) => {
        if (!(error instanceof WireFailure)) log.error({ err: error, nodeId }, 'hello failed')
        ack({ error: toWireError(error) })
        faults(error)
      },
    )
  }
}

const again = (): WireFailure => new WireFailure('bad_message', 'This connection said hello before.')

async function greet({ socket, pressure, welcome, onPolicy }: HelloHandlerOptions, claim: unknown): Promise<Welcome> {
  const { identity } = socket.data
  const parsed = readAs(Hello, claim)
  if (!parsed.success) throw new WireFailure('bad_message', 'The hello is malformed. Update the agent.')
  // What an older connection handed in must be stored first, or the cursors would be behind it.
  await pressure.idle(identity.nodeId)
  const said = await welcome(identity, parsed.data)
  return { version: identity.version, ...said, policy: onPolicy(socket, said.policy) }
}
