import { z } from 'zod'
import { SignedManifest } from './evidence'
import { IncidentEvent, IncidentReport, SurgeReport } from './incident'
import { SAMPLES_PER_PUSH_MAX } from './limits'
import { text, Uuid } from './parts'
import { Sample } from './sample'
import { VECTOR_IDS } from './vectors'

/** Incidents overtake samples: each lane has a spool and a sequence of its own. */
export const LANES = ['incidents', 'samples'] as const
export const Lane = z.enum(LANES)
export type Lane = z.infer<typeof Lane>

/** What a node says of itself rather than of its traffic; the platform writes it into the audit log. */
export const NODE_NOTICES = ['disk_full', 'disk_ok'] as const
export const NodeNotice = z.object({
  atUs: z.int().nonnegative(),
  kind: z.enum(NODE_NOTICES),
  text: text(300),
})
export type NodeNotice = z.infer<typeof NodeNotice>

export const PushBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('samples'), samples: z.array(Sample).min(1).max(SAMPLES_PER_PUSH_MAX) }),
  z.object({ type: z.literal('incident'), event: IncidentEvent, report: IncidentReport }),
  z.object({ type: z.literal('surge'), surge: SurgeReport }),
  z.object({
    type: z.literal('evidence'),
    incidentId: Uuid,
    /** Hash and size of the bundle file that will be uploaded. */
    bundle: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().positive() }),
    signed: SignedManifest,
  }),
  z.object({ type: z.literal('notice'), notice: NodeNotice }),
])
export type PushBody = z.infer<typeof PushBody>

/** `seq` starts at 1 in each lane and never skips. A repeat is acknowledged and has no effect. */
export const Push = z
  .object({ lane: Lane, seq: z.int().positive(), body: PushBody })
  .refine((push) => (push.body.type === 'samples') === (push.lane === 'samples'), {
    message: 'samples travel in the samples lane, everything else in the incidents lane',
  })
export type Push = z.infer<typeof Push>

export const WIRE_ERRORS = [
  'bad_message',
  'too_large',
  'bad_token',
  'bad_signature',
  'clock_skew',
  'replayed',
  'revoked',
  'unknown_version',
  'sequence_gap',
  'sequence_conflict',
  'too_old',
  'in_future',
  'busy',
  'internal',
] as const
export type WireErrorCode = (typeof WIRE_ERRORS)[number]

export type WireError = { code: WireErrorCode; message: string; retryAfterMs?: number }

/** `lastSeq`: everything up to it is stored. On `sequence_gap` the agent goes on from lastSeq + 1. */
export type PushAck = { ok: true; lastSeq: number } | { ok: false; error: WireError; lastSeq?: number }

export const Hello = z.object({
  agentVersion: text(32),
  hostname: text(255),
  kernel: text(128),
  /** What this host lets the agent do. */
  level: z.enum(['nftables', 'iptables', 'detect-only']),
  servicePorts: z.array(z.object({ protocol: z.enum(['udp', 'tcp']), port: z.int().min(1).max(65_535) })).max(256),
  addresses: z.array(text(64)).max(64),
})
export type Hello = z.infer<typeof Hello>

/** Weakest first. `observe` counts what a rule would have taken, and takes nothing. */
export const POLICY_ACTIONS = ['observe', 'limit', 'drop'] as const
export const PolicyAction = z.enum(POLICY_ACTIONS)
export type PolicyAction = z.infer<typeof PolicyAction>

/** A network as CIDR, IPv4 or IPv6; nodes write it into their rules as it is. */
export const Network = z.union([z.cidrv4(), z.cidrv6()])

/** Every limit rule looks friends up in one kernel set, which is built with the first rule of an incident: it stays small. */
export const FRIEND_NETWORKS_MAX = 500

/** Settings the platform may change; declarative, never a command. From `id` on for nodes that speak version 2. */
export const Policy = z.object({
  name: text(64),
  version: z.int().nonnegative(),
  /** What to do with a vector that its signature proves, and with one that stays doubtful. */
  certain: PolicyAction,
  doubtful: PolicyAction,
  newSourcePps: z.int().positive(),
  /** Quiet time before an incident is over. */
  holdMs: z.int().positive(),
  /** Names these very settings for good; a node says it back in `held` and in its reports. */
  id: text(64).optional(),
  /** Vectors that `certain` and `doubtful` do not decide. */
  vectors: z.partialRecord(z.enum(VECTOR_IDS), PolicyAction).optional(),
  /** Sources that no limit ever holds back. What a signature or fingerprint proves is dropped even from them: addresses are forged. */
  friends: z.array(Network).max(FRIEND_NETWORKS_MAX).optional(),
  /** Kill switch: until then every rule only counts. It ends by itself, whether the platform is there or not. */
  stoppedUntilMs: z.int().nonnegative().optional(),
})
export type Policy = z.infer<typeof Policy>

/** Of a workspace that never saved a policy. */
export const BUILT_IN_POLICY_ID = 'built-in'

/** What a node goes by from now on: said when its rules follow it. */
export const HeldPolicy = z.object({ id: text(64), stoppedUntilMs: z.int().nonnegative().nullable() })
export type HeldPolicy = z.infer<typeof HeldPolicy>

/** How the agent's own process fares: said once a minute while it is connected. */
export const AgentHealth = z.object({
  startedMs: z.int().nonnegative(),
  /** Of one core, since it last said so. */
  cpuPercent: z.number().nonnegative(),
  residentBytes: z.int().nonnegative(),
  /** Reports that wait to be confirmed. */
  spooled: z.int().nonnegative(),
  /** `full`: the oldest samples give way. `refused`: files that protection does not hang on cannot be written. */
  disk: z.enum(['ok', 'full', 'refused']),
})
export type AgentHealth = z.infer<typeof AgentHealth>

/** When more than the usual audience is expected here, and how many times. Replaces what was said before; overlapping, the most counts. */
export const Schedule = z.object({
  windows: z
    .array(
      z.object({
        fromMs: z.int().nonnegative(),
        untilMs: z.int().nonnegative(),
        audienceTimes: z.number().min(1).max(100),
      }),
    )
    .max(64),
})
export type Schedule = z.infer<typeof Schedule>

export type Welcome = {
  version: number
  nodeId: string
  cursors: Record<Lane, number>
  policy: Policy
  /** Older platforms do not say. */
  schedule?: Schedule
}

export type AgentToGateway = {
  hello: (hello: Hello, ack: (welcome: Welcome | { error: WireError }) => void) => void
  push: (push: Push, ack: (ack: PushAck) => void) => void
  /** From version 2 on. */
  held: (held: HeldPolicy) => void
  /** From version 2 on. */
  health: (health: AgentHealth) => void
}
export type GatewayToAgent = {
  policy: (policy: Policy) => void
  schedule: (schedule: Schedule) => void
  /** Somebody looks at this node: send each second instead of batches of ten. */
  watch: (on: boolean) => void
}

export const EnrolRequest = z.object({
  token: text(200),
  /** Raw Ed25519 public key, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  hostname: text(255).min(1),
  agentVersion: text(32),
  /** Signature of `enrolStatement` by that key, base64url. */
  proof: text(128),
})
export type EnrolRequest = z.infer<typeof EnrolRequest>

export const EnrolResponse = z.object({
  nodeId: z.string(),
  workspaceId: z.string(),
  workspaceName: z.string(),
  nodeName: z.string(),
})
export type EnrolResponse = z.infer<typeof EnrolResponse>

/** What a node signs to prove that it holds the key it enrols with. */
export const enrolStatement = (token: string, publicKey: string): string => `agent-enrol/1\n${token}\n${publicKey}`

/** Signed proof of identity: Socket.IO `auth` payload, and the Authorization header of uploads. */
export const AgentAuth = z.object({
  versions: z.array(z.int()).min(1).max(16),
  nodeId: text(64),
  atMs: z.int().nonnegative(),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  signature: text(128),
})
export type AgentAuth = z.infer<typeof AgentAuth>

/** What a node signs: `purpose` is `connect`, or method and path of a request, e.g. `PUT /gateway/evidence/<sha256>`. */
export const authStatement = (purpose: string, auth: Pick<AgentAuth, 'nodeId' | 'atMs' | 'nonce'>): string =>
  `agent-auth/1\n${purpose}\n${auth.nodeId}\n${auth.atMs}\n${auth.nonce}`
