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

/** Workspace of a room of this kind; null for any other room. */
export function watchedWorkspace(room: string): string | null {
  if (room.startsWith(FLEET)) return room.slice(FLEET.length)
  const prefix = [NODE, TILE].find((each) => room.startsWith(each))
  return prefix === undefined ? null : room.slice(prefix.length, room.lastIndexOf(':'))
}

/** What a tile draws of a second: node, end of the second, wire pps and bit/s, delivered pps, usual and its upper edge. */
export type FleetSecond = [
  nodeId: string,
  atMs: number,
  wirePps: number,
  wireBps: number,
  deliveredPps: number,
  usualPps: number | null,
  usualPpsHigh: number | null,
]

export const toFleetSecond = (nodeId: string, sample: Sample): FleetSecond => [
  nodeId,
  sample.atMs,
  sample.wire.pps,
  sample.wire.bps,
  sample.delivered.pps,
  sample.baseline?.pps ?? null,
  sample.baseline?.ppsHigh ?? null,
]

/** Hundreds of nodes report within one second: their seconds travel together. */
const TOGETHER_MS = 200

export function createSecondBatches(
  send: (workspaceId: string, seconds: FleetSecond[]) => void,
): (workspaceId: string, second: FleetSecond) => void {
  const waiting = new Map<string, FleetSecond[]>()
  const flush = (): void => {
    const batches = [...waiting]
    waiting.clear()
    for (const [workspaceId, seconds] of batches) send(workspaceId, seconds)
  }
  return (workspaceId, second) => {
    if (waiting.size === 0) setTimeout(flush, TOGETHER_MS).unref()
    const batch = waiting.get(workspaceId)
    if (batch) batch.push(second)
    else waiting.set(workspaceId, [second])
  }
}
