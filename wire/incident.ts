import { z } from 'zod'
import { rate, text, Uuid } from './parts'
import { Rate } from './sample'
import { VECTOR_IDS } from './vectors'

/** Microseconds since the epoch, from one clock. */
const Micros = z.int().nonnegative()
const count = z.int().nonnegative()

export const INCIDENT_STATES = [
  'suspected',
  'confirmed',
  'mitigating',
  'mitigated',
  'ending',
  'resolved',
  'rejected',
] as const
export const IncidentState = z.enum(INCIDENT_STATES)
export type IncidentState = z.infer<typeof IncidentState>

/** One term of the verdict: what was seen, what is normal, how much it weighed (0..1). */
export const Reason = z.object({
  term: z.enum([
    'volume',
    'ramp',
    'unsolicited',
    'new_sources',
    'source_spread',
    'length_spread',
    'ttl_spread',
    'fingerprint',
    'handshake',
    'service_share',
    'reaction',
    'distress',
  ]),
  value: z.number().finite(),
  unit: z.enum(['ratio', 'pps', 'times', 'count']),
  /** Normal band; null when this node has not learned one. */
  normal: z.object({ low: z.number().finite(), high: z.number().finite() }).nullable(),
  /** How strongly it speaks for an attack, 0..1. */
  strength: z.number().min(0).max(1),
})
export type Reason = z.infer<typeof Reason>

export const VectorReport = z.object({
  id: z.enum(VECTOR_IDS),
  /** Probability that the name is right, 0..1. */
  confidence: z.number().min(0).max(1),
  /** Share of the sampled attack packets, 0..1. */
  share: z.number().min(0).max(1),
  startUs: Micros,
  endUs: Micros.nullable(),
  targetPort: z.int().min(0).max(65_535).nullable(),
})
export type VectorReport = z.infer<typeof VectorReport>

export const RULE_BASES = ['certain', 'doubtful', 'rest'] as const
export const RuleBasis = z.enum(RULE_BASES)
export type RuleBasis = z.infer<typeof RuleBasis>

export const RuleReport = z.object({
  id: text(64),
  vectorId: z.enum(VECTOR_IDS),
  level: z.literal('L1'),
  action: z.enum(['drop', 'limit', 'count']),
  /** What the action follows from: a signature, a doubtful fingerprint, or what is left of a vector without one. */
  basis: RuleBasis.optional(),
  /** What the rule does, in plain words, and as nft sees it. */
  words: text(300),
  nft: text(1_000),
  installedUs: Micros,
  removedUs: Micros.nullable(),
  packets: count,
  bytes: count,
})
export type RuleReport = z.infer<typeof RuleReport>

/** Stage times. Null: has not happened, or did not apply. */
export const AgentStages = z.object({
  /** First packet over the tripwire, by the kernel's time stamp: later than the first attack packet on the wire. */
  trippedUs: Micros,
  detectedUs: Micros,
  ruleInKernelUs: Micros.nullable(),
  evidenceSecuredUs: Micros.nullable(),
  mitigatedUs: Micros.nullable(),
  endingUs: Micros.nullable(),
  resolvedUs: Micros.nullable(),
})
export type AgentStages = z.infer<typeof AgentStages>

export const Traffic = z.object({
  wire: Rate,
  dropped: Rate,
  delivered: Rate,
  peakWire: Rate,
  wirePackets: count,
  droppedPackets: count,
  droppedBytes: count,
})
export type Traffic = z.infer<typeof Traffic>

/** What the node can know of its verified clients since the rule stands. */
export const VerifiedClientsReport = z.object({
  count,
  packetsIn: count,
  packetsPastCut: count,
  socketBufferDrops: count,
})

export const EvidenceReport = z.object({
  state: z.enum(['recording', 'on_node', 'uploaded']),
  bundleSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  packets: count,
  packetsBeforeOnset: count,
  bytes: count,
})

/** Whole state of one incident as its node sees it. A higher revision replaces a lower one. */
export const IncidentReport = z.object({
  id: Uuid,
  revision: z.int().positive(),
  state: IncidentState,
  /** Probability that this is an attack, 0..1. */
  score: z.number().min(0).max(1),
  target: z.object({
    addresses: z.array(text(64)).max(8),
    ports: z.array(z.int().min(0).max(65_535)).max(16),
  }),
  vectors: z.array(VectorReport).max(16),
  reasons: z.array(Reason).max(16),
  rules: z.array(RuleReport).max(64),
  stages: AgentStages,
  traffic: Traffic,
  baseline: z.object({ pps: rate, ppsHigh: rate }).nullable(),
  verifiedClients: VerifiedClientsReport,
  evidence: EvidenceReport.nullable(),
  /** What the node went by when it opened; `stopped`: the kill switch was on. */
  policy: z.object({
    name: text(64),
    version: z.int().nonnegative(),
    id: text(64).optional(),
    stopped: z.boolean().optional(),
  }),
})
export type IncidentReport = z.infer<typeof IncidentReport>

export const INCIDENT_EVENTS = [
  'opened',
  'vector_added',
  'rule_installed',
  'rule_removed',
  'mitigated',
  'updated',
  'evidence_secured',
  'ending',
  'resumed',
  'resolved',
  'rejected',
] as const
export const IncidentEvent = z.object({ atUs: Micros, kind: z.enum(INCIDENT_EVENTS), text: text(500) })
export type IncidentEvent = z.infer<typeof IncidentEvent>

/** A rise in traffic that was looked at and found to be an audience, with the reasons. */
export const SurgeReport = z.object({
  id: Uuid,
  atUs: Micros,
  endUs: Micros.nullable(),
  peakWire: Rate,
  score: z.number().min(0).max(1),
  reasons: z.array(Reason).max(16),
})
export type SurgeReport = z.infer<typeof SurgeReport>
