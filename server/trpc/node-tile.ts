import type { IncidentState } from '../../wire/incident'
import { formatId } from '../core/ids'
import type { Incident } from '../services/incidents/incident'
import type { Node } from '../services/nodes/list'
import type { listRecentSamples } from '../services/nodes/samples'

/** Worst first in the fleet. */
export type NodeState = 'attack' | 'mitigated' | 'watching' | 'offline' | 'clean'

export type SparkPoint = { atMs: number; wirePps: number; deliveredPps: number }

export const SPARK_SPAN_MS = 300_000

/** One node as its tile shows it. */
export type NodeTile = {
  id: string
  name: string
  state: NodeState
  /** A word of its own where the state's is not exact: "waiting for its agent". */
  word: string | null
  level: string | null
  lastSeenMs: number | null
  openIncidentId: string | null
  latest: { atMs: number; wirePps: number; wireBps: number } | null
  usual: { pps: number; ppsHigh: number } | null
  spark: SparkPoint[]
}

const WORST_FIRST: readonly NodeState[] = ['attack', 'mitigated', 'watching']

const BY_INCIDENT: Partial<Record<IncidentState, NodeState>> = {
  suspected: 'watching',
  confirmed: 'attack',
  mitigating: 'attack',
  mitigated: 'mitigated',
  ending: 'mitigated',
}

/** State of a node from its connection and its open incidents; an attack outranks a lost connection. */
export function nodeState(isOnline: boolean, open: readonly IncidentState[]): NodeState {
  const states = open.map((state) => BY_INCIDENT[state])
  return WORST_FIRST.find((state) => states.includes(state)) ?? (isOnline ? 'clean' : 'offline')
}

type SamplePoint = Awaited<ReturnType<typeof listRecentSamples>>[number]
type Given = { nodes: readonly Node[]; open: readonly Incident[]; samples: readonly SamplePoint[] }

/** Joins nodes with their open incidents and last seconds. */
export function toTiles({ nodes, open, samples }: Given): NodeTile[] {
  const points = new Map<string, SamplePoint[]>()
  for (const sample of samples) {
    const known = points.get(sample.nodeId)
    if (known) known.push(sample)
    else points.set(sample.nodeId, [sample])
  }
  return nodes.map((node) =>
    toTile(
      node,
      open.filter(({ nodeId }) => nodeId === node.id),
      points.get(node.id) ?? [],
    ),
  )
}

function toTile(node: Node, open: readonly Incident[], points: readonly SamplePoint[]): NodeTile {
  const last = points.at(-1)
  const newest = open[0]
  const isWaiting = node.state === 'waiting' && points.length === 0
  return {
    id: formatId('nd', node.id),
    name: node.name,
    state: nodeState(
      node.state === 'online',
      open.map(({ state }) => state),
    ),
    word: isWaiting ? (node.enrolledAt === null ? 'not enrolled yet' : 'waiting for its agent') : null,
    level: node.level,
    lastSeenMs: node.lastSeenAt?.getTime() ?? null,
    openIncidentId: newest ? formatId('inc', newest.id) : null,
    latest: last ? { atMs: last.atMs, wirePps: last.wirePps, wireBps: last.wireBps } : null,
    usual:
      last?.baselinePps == null ? null : { pps: last.baselinePps, ppsHigh: last.baselinePpsHigh ?? last.baselinePps },
    spark: points.map(({ atMs, wirePps, deliveredPps }) => ({ atMs, wirePps, deliveredPps })),
  }
}
