import type { IncidentReport } from '../../wire/incident'
import type { AgentHealth } from '../../wire/messages'
import type { Sample } from '../../wire/sample'
import { formatId } from '../core/ids'
import type { Incident } from '../services/incidents/incident'
import type { NodeWithHealth } from '../services/nodes/get'
import type { NodeCredential } from '../services/nodes/get-credential'
import type { NodePolicy } from '../services/policies/get-for-node'
import type { Surge } from '../services/surges/list'
import { type IncidentSummary, toSummary } from './incident-view'
import { nodeState } from './node-state'
import { SURGE_MS_MAX, toOpenIncident, wordFor } from './node-tile'
import { type NodePolicyView, toNodePolicy } from './policy-view'

export type SurgeView = {
  id: string
  startedMs: number
  endedMs: number | null
  peak: { pps: number; bps: number }
  score: number
  reasons: Surge['reasons']
}

export type RuleInForce = Pick<
  IncidentReport['rules'][number],
  'id' | 'action' | 'words' | 'nft' | 'packets' | 'bytes'
> & {
  incidentId: string
  sinceMs: number
}

/** Everything the page of a node shows but its series. */
export type NodeDetail = {
  id: string
  name: string
  state: ReturnType<typeof nodeState>['state']
  word: string | null
  why: string | null
  isArchived: boolean
  isEnrolled: boolean
  hostname: string | null
  level: string | null
  kernel: string | null
  agentVersion: string | null
  addresses: string[]
  servicePorts: NodeWithHealth['servicePorts']
  lastSeenMs: number | null
  enrolledMs: number | null
  health: (AgentHealth & { atMs: number }) | null
  credential: { createdMs: number; revokedMs: number | null } | null
  policy: NodePolicyView
  /** Of incidents that are not over; hits as the node counted them last. */
  rules: RuleInForce[]
  /** The last second, when it came lately. */
  latest: Sample | null
  incidents: IncidentSummary[]
  surges: SurgeView[]
  may: { archive: boolean; revoke: boolean; enrol: boolean }
}

type Given = {
  node: NodeWithHealth
  credential: NodeCredential | null
  incidents: readonly Incident[]
  surges: readonly Surge[]
  lastSeconds: readonly Sample[]
  policy: NodePolicy
  nameOf: (userId: string) => string | null
  may: NodeDetail['may']
  nowMs: number
}

const isOpen = ({ state }: Incident): boolean => state !== 'resolved' && state !== 'rejected'

export function toNodeDetail({ node, credential, nowMs, ...given }: Given): NodeDetail {
  const open = given.incidents.filter(isOpen)
  const latest = given.lastSeconds.at(-1) ?? null
  const lastFive = given.lastSeconds.slice(-5).map(({ delivered }) => delivered.pps)
  return {
    ...nodeState({
      isOnline: node.state === 'online',
      open: open.map(toOpenIncident),
      last: latest && { deliveredPpsMin: Math.min(...lastFive), usualPpsHigh: latest.baseline?.ppsHigh ?? null },
      hasSurge: given.surges.some(({ at, endedAt }) => endedAt === null && at.getTime() > nowMs - SURGE_MS_MAX),
      nowMs,
    }),
    id: formatId('nd', node.id),
    name: node.name,
    word: open.length === 0 ? wordFor(node) : null,
    isArchived: node.state === 'archived',
    isEnrolled: node.enrolledAt !== null,
    hostname: node.hostname,
    level: node.level,
    kernel: node.kernel,
    agentVersion: node.agentVersion,
    addresses: node.addresses,
    servicePorts: node.servicePorts,
    lastSeenMs: node.lastSeenAt?.getTime() ?? null,
    enrolledMs: node.enrolledAt?.getTime() ?? null,
    health: node.health && node.healthAt && { ...node.health, atMs: node.healthAt.getTime() },
    credential: credential && {
      createdMs: credential.createdAt.getTime(),
      revokedMs: credential.revokedAt?.getTime() ?? null,
    },
    policy: toNodePolicy(given.policy),
    rules: open.flatMap(rulesInForce),
    latest,
    incidents: given.incidents.map((incident) => toSummary(incident, given.nameOf)),
    surges: given.surges.map(toSurgeView),
    may: given.may,
  }
}

/** A standby rule counts without dropping; one that was withdrawn is not in force. */
const rulesInForce = ({ id, report }: Incident): RuleInForce[] =>
  report.rules.flatMap(({ removedUs, id: ruleId, action, words, nft, packets, bytes, installedUs }) =>
    removedUs === null
      ? [
          {
            id: ruleId,
            incidentId: formatId('inc', id),
            action,
            words,
            nft,
            packets,
            bytes,
            sinceMs: installedUs / 1_000,
          },
        ]
      : [],
  )

const toSurgeView = ({ id, at, endedAt, peakPps, peakBps, score, reasons }: Surge): SurgeView => ({
  id: formatId('sg', id),
  startedMs: at.getTime(),
  endedMs: endedAt?.getTime() ?? null,
  peak: { pps: peakPps, bps: peakBps },
  score,
  reasons,
})
