import { formatId } from '../core/ids'
import { MINUTE_MS } from '../core/units'
import type { Incident } from '../services/incidents/incident'
import type { ListedNode } from '../services/nodes/list'
import type { listLatestSamples } from '../services/nodes/samples'
import type { Surge } from '../services/surges/list'
import { type NodeState, nodeState, type OpenIncident } from './node-state'

export type { NodeState } from './node-state'

/** What the chart of a tile covers. */
export const TILE_SPAN_MS = 5 * MINUTE_MS

/** A surge that nobody ended is over after this long: its node may have been killed meanwhile. */
export const SURGE_MS_MAX = 15 * MINUTE_MS

/** One node as its tile shows it. Its seconds come apart from it. */
export type NodeTile = {
  id: string
  name: string
  state: NodeState
  /** A word of its own where the state's is not exact: "waiting for its agent". */
  word: string | null
  /** What makes it impaired. */
  why: string | null
  level: string | null
  lastSeenMs: number | null
  openIncidentId: string | null
  latest: { atMs: number; wirePps: number; wireBps: number } | null
  usual: { pps: number; ppsHigh: number } | null
}

export type LatestSample = Awaited<ReturnType<typeof listLatestSamples>>[number]

export const toOpenIncident = ({ state, ruleInKernelUs, report }: Incident): OpenIncident => ({
  state,
  ruleInKernelMs: ruleInKernelUs === null ? null : ruleInKernelUs / 1_000,
  verified: report.verifiedClients,
})

/** The state's own word, where it is not exact. */
export function wordFor({ state, enrolledAt }: Pick<ListedNode, 'state' | 'enrolledAt'>): string | null {
  if (state === 'archived') return 'archived'
  if (state !== 'waiting') return null
  return enrolledAt === null ? 'not enrolled yet' : 'waiting for its agent'
}

type Given = {
  nodes: readonly ListedNode[]
  open: readonly Incident[]
  latest: readonly LatestSample[]
  surges: readonly Surge[]
  nowMs: number
}

/** Joins nodes with their open incidents, ongoing surges and last seconds. */
export function toTiles({ nodes, open, latest, surges, nowMs }: Given): NodeTile[] {
  const lastOf = new Map(latest.map((sample) => [sample.nodeId, sample]))
  const surging = new Set(surges.map(({ nodeId }) => nodeId))
  return nodes.map((node) => {
    const own = open.filter(({ nodeId }) => nodeId === node.id)
    const last = lastOf.get(node.id) ?? null
    const { state, why } = nodeState({
      isOnline: node.state === 'online',
      open: own.map(toOpenIncident),
      last: last && { deliveredPpsMin: last.deliveredPpsMin, usualPpsHigh: last.baselinePpsHigh },
      hasSurge: surging.has(node.id),
      nowMs,
    })
    return {
      id: formatId('nd', node.id),
      name: node.name,
      state,
      word: own.length === 0 ? wordFor(node) : null,
      why,
      level: node.level,
      lastSeenMs: node.lastSeenAt?.getTime() ?? null,
      openIncidentId: own[0] ? formatId('inc', own[0].id) : null,
      latest: last && { atMs: last.atMs, wirePps: last.wirePps, wireBps: last.wireBps },
      usual:
        last?.baselinePps == null ? null : { pps: last.baselinePps, ppsHigh: last.baselinePpsHigh ?? last.baselinePps },
    }
  })
}
