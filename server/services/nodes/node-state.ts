import type { IncidentState } from '../../../wire/incident'

/** What a node is right now, worst first. */
export const NODE_STATES = ['attack', 'impaired', 'mitigated', 'watching', 'surge', 'offline', 'clean'] as const
export type NodeState = (typeof NODE_STATES)[number]

const BY_INCIDENT: Partial<Record<IncidentState, NodeState>> = {
  suspected: 'watching',
  confirmed: 'attack',
  mitigating: 'attack',
  mitigated: 'mitigated',
  ending: 'mitigated',
}

/** Rule in the kernel for this long: what gets through now is not the first moment's any more. */
const SETTLING_MS = 5_000
/** Above this, too much is delivered: the same edge by which the node itself calls an attack mitigated. */
const OUT_OF_BAND = { times: 1.25, ppsMin: 500 }
/** What we promise to players under an attack that is dropped, and from how many of their packets on it can be told. */
const VERIFIED_LOSS_MAX = 0.001
const VERIFIED_PACKETS_MIN = 500

export type OpenIncident = {
  state: IncidentState
  ruleInKernelMs: number | null
  verified: { packetsIn: number; packetsPastCut: number; socketBufferDrops: number }
}

/** The last five seconds of a node: the least that was delivered in one of them, and what is usual. */
export type LastSeconds = { deliveredPpsMin: number; usualPpsHigh: number | null }

/** Why players suffer although a rule stands, in words; null when nothing measured says so. */
export function impairment(incident: OpenIncident, last: LastSeconds | null, nowMs: number): string | null {
  const { ruleInKernelMs, verified } = incident
  if (BY_INCIDENT[incident.state] === undefined || incident.state === 'ending') return null
  if (ruleInKernelMs === null || nowMs - ruleInKernelMs < SETTLING_MS) return null
  const lost = Math.max(0, verified.packetsIn - verified.packetsPastCut) + verified.socketBufferDrops
  if (verified.packetsIn >= VERIFIED_PACKETS_MIN && lost / verified.packetsIn > VERIFIED_LOSS_MAX) {
    return `players lost ${((lost / verified.packetsIn) * 100).toFixed(1)} % of their packets`
  }
  if (last === null || last.usualPpsHigh === null) return null
  const edge = Math.max(last.usualPpsHigh * OUT_OF_BAND.times, OUT_OF_BAND.ppsMin)
  if (last.deliveredPpsMin <= edge) return null
  return 'more is delivered than usual although a rule stands'
}

export type NodeFacts = {
  isOnline: boolean
  open: readonly OpenIncident[]
  last: LastSeconds | null
  hasSurge: boolean
  nowMs: number
}

/** State of a node and why, where the word alone does not say it. An attack outranks a lost connection. */
export function nodeState({ isOnline, open, last, hasSurge, nowMs }: NodeFacts): {
  state: NodeState
  why: string | null
} {
  const reasons = open.map((incident) => impairment(incident, last, nowMs))
  const impaired = reasons.find((reason) => reason !== null)
  if (impaired) return { state: 'impaired', why: impaired }
  const states = open.map(({ state }) => BY_INCIDENT[state])
  const worst = NODE_STATES.find((state) => states.includes(state))
  if (worst) return { state: worst, why: null }
  if (!isOnline) return { state: 'offline', why: null }
  return { state: hasSurge ? 'surge' : 'clean', why: null }
}
