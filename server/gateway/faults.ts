import { MESSAGE_BYTES_MAX } from '../../wire/limits'
import type { WireErrorCode } from '../../wire/messages'
import type { AgentSocket } from './agent-namespace'
import type { Refusals } from './refusals'
import { type About, toWireError, WireFailure } from './wire-failure'

/** After this many messages that cannot be right, the connection is cut. */
export const FAULTS_PER_SOCKET_MAX = 10
/** A node that was cut may come back after this: a fault in a loop must not cost the others. */
export const CUT_MS = 1_000

const FAULTS: readonly WireErrorCode[] = ['bad_message', 'too_large', 'sequence_conflict']

/** Notes what was refused of one connection; true when the connection was cut for it. */
export type Faults = (error: unknown) => boolean

export function createFaults(socket: AgentSocket, refusals: Refusals, onCut: (faults: number) => void): Faults {
  const { workspaceId, nodeId } = socket.data.identity
  const about: About = { workspaceId, kind: 'node', id: nodeId }
  let faults = 0
  return (error) => {
    const { code, message } = toWireError(error)
    refusals.note('push', new WireFailure(code, message, { about }))
    if (FAULTS.includes(code)) faults += 1
    if (faults < FAULTS_PER_SOCKET_MAX || !socket.connected) return false
    onCut(faults)
    socket.disconnect(true)
    return true
  }
}

/** A message that wants no answer is none of ours. */
export const notAsked = (name: string): WireFailure =>
  new WireFailure('bad_message', `A ${name} asks for an answer, this one does not. Update the agent.`)

const KNOWN: ReadonlySet<string> = new Set(['hello', 'push', 'held', 'health'])

/** Listens to everything: what has no handler is none of ours. */
export const refuseOthers =
  (faults: Faults) =>
  (event: string, ...rest: unknown[]): void => {
    if (KNOWN.has(event)) return
    const failure = new WireFailure('bad_message', 'There is no message of this name. Update the agent.')
    const ack = rest.at(-1)
    if (typeof ack === 'function') ack({ ok: false, error: failure.data })
    faults(failure)
  }

export const unreadable = (): WireFailure =>
  new WireFailure('bad_message', 'What arrived is no message of this protocol. Update the agent.')

export const tooLarge = (): WireFailure =>
  new WireFailure('too_large', `A message may have ${MESSAGE_BYTES_MAX} bytes. Split the batch.`)

/** True when the connection ended because a message was so large that it was not read to its end. */
export function isOversized(description: unknown): boolean {
  for (let at = description; at instanceof Error; at = (at as { description?: unknown }).description) {
    if (at.message.includes('Max payload size exceeded')) return true
  }
  return false
}
