import type { Sample } from '../../wire/sample'

/** Who looks at all nodes of a workspace, and who at one of them, are rooms of their own: nobody is sent what nobody draws. */
const FLEET = 'fleet:'
const NODE = 'node:'
/** One node of a fleet, for who was given a part of it. */
const TILE = 'tile:'

/** The same node whether its id is a uuid or carries its prefix. */
const keyOf = (nodeId: string): string => nodeId.slice(nodeId.indexOf('_') + 1).replaceAll('-', '')

export const fleetRoom = (workspaceId: string): string => `${FLEET}${workspaceId}`
export const nodeRoom = (workspaceId: string, nodeId: string): string => `${NODE}${workspaceId}:${keyOf(nodeId)}`
export const tileRoom = (workspaceId: string, nodeId: string): string => `${TILE}${workspaceId}:${keyOf(nodeId)}`

export const isSameNode = (a: string, b: string): boolean => keyOf(a) === keyOf(b)

/** Events of a workspace, of one kind: all of them, or those of one node. */
export const eventRoom = (kind: 'incident' | 'node', workspaceId: string, nodeId?: string): string =>
  nodeId === undefined ? `${kind}s:${workspaceId}` : `${kind}s:${workspaceId}:${keyOf(nodeId)}`

/** Everybody who joined a workspace. */
export const policyRoom = (workspaceId: string): string => `policies:${workspaceId}`

/** Workspace of a room of this kind; null for any other room. */
export function watchedWorkspace(room: string): string | null {
  if (room.startsWith(FLEET)) return room.slice(FLEET.length)
  const prefix = [NODE, TILE].find((each) => room.startsWith(each))
  return prefix === undefined ? null : room.slice(prefix.length, room.lastIndexOf(':'))
}

/**
 * What a tile draws of a second: the last digits of the node's id, seconds before `atS`, wire pps and bit/s, delivered pps, usual
 * and its upper edge. Short, for hundreds of them go to every open fleet page each second.
 */
export type FleetSecond = [
  idTail: string,
  agoS: number,
  wirePps: number,
  wireBps: number,
  deliveredPps: number,
  usualPps: number | null,
  usualPpsHigh: number | null,
]
/** `atS`: end of the newest of these seconds, epoch seconds. */
export type FleetSeconds = { atS: number; nodes: FleetSecond[] }

/** Random digits of an id, as many as tell the nodes of a workspace apart. */
const TAIL_DIGITS = 12
const whole = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value))

export function toFleetSeconds(samples: readonly { nodeId: string; sample: Sample }[]): FleetSeconds {
  const atS = Math.max(...samples.map(({ sample }) => sample.atMs)) / 1_000
  const nodes = samples.map(
    ({ nodeId, sample: { atMs, wire, delivered, baseline } }): FleetSecond => [
      keyOf(nodeId).slice(-TAIL_DIGITS),
      atS - atMs / 1_000,
      Math.round(wire.pps),
      Math.round(wire.bps),
      Math.round(delivered.pps),
      whole(baseline?.pps),
      whole(baseline?.ppsHigh),
    ],
  )
  return { atS, nodes }
}

/** Hundreds of nodes report within one second: their seconds travel together. */
const TOGETHER_MS = 200

type Waiting = { nodeId: string; sample: Sample }[]

export function createSecondBatches(
  send: (workspaceId: string, seconds: FleetSeconds) => void,
): (workspaceId: string, nodeId: string, sample: Sample) => void {
  const waiting = new Map<string, Waiting>()
  const flush = (): void => {
    const batches = [...waiting]
    waiting.clear()
    for (const [workspaceId, samples] of batches) send(workspaceId, toFleetSeconds(samples))
  }
  return (workspaceId, nodeId, sample) => {
    if (waiting.size === 0) setTimeout(flush, TOGETHER_MS).unref()
    const batch = waiting.get(workspaceId)
    if (batch) batch.push({ nodeId, sample })
    else waiting.set(workspaceId, [{ nodeId, sample }])
  }
}

/** Hundreds of nodes say within one second that they hold a new policy: consoles hear it once. */
export function createTogether(tell: (workspaceId: string) => void): (workspaceId: string) => void {
  const waiting = new Set<string>()
  return (workspaceId) => {
    if (waiting.has(workspaceId)) return
    waiting.add(workspaceId)
    setTimeout(() => {
      waiting.delete(workspaceId)
      tell(workspaceId)
    }, TOGETHER_MS).unref()
  }
}
