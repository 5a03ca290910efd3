import type { Clock } from '../core/clock'
import { TidegateError } from '../core/errors'
import { formatId } from '../core/ids'
import type { ApplyPushOptions } from '../ingest/apply-push'
import { recordAudit } from '../services/audit/record'
import type { Ctx } from '../services/context'
import { completeEvidenceUpload } from '../services/evidence/complete-upload'
import { findAnnouncedEvidence } from '../services/evidence/find-announced'
import { registerEvidence } from '../services/evidence/register'
import { recordIncident } from '../services/incidents/record'
import { inLane } from '../services/lane'
import { EnrolmentRefused, enrolNode } from '../services/nodes/enrol'
import { getNodeSchedule } from '../services/nodes/get-schedule'
import { markNodesOffline } from '../services/nodes/mark-offline'
import { recordAgentHealth } from '../services/nodes/record-health'
import { recordNodeNotice } from '../services/nodes/record-notice'
import { welcomeNode } from '../services/nodes/welcome'
import { policiesForNodes } from '../services/policies/for-nodes'
import { recordHeldPolicy } from '../services/policies/hold'
import { recordSurge } from '../services/surges/record'
import type { AgentNamespaceOptions } from './agent-namespace'
import type { AgentIdentity } from './authenticate-agent'
import type { EnrolNode } from './enroll'
import type { EvidenceUploadOptions } from './evidence-upload'
import type { RefusalsOptions } from './refusals'
import { WireFailure } from './wire-failure'

export type AgentVerbs = Pick<
  AgentNamespaceOptions,
  'welcome' | 'markOffline' | 'recordHeld' | 'recordHealth' | 'readPolicies'
> &
  Pick<ApplyPushOptions, 'recordIncident' | 'recordSurge' | 'announceEvidence' | 'recordNotice' | 'passOver'> &
  Pick<EvidenceUploadOptions, 'findAnnounced' | 'completeUpload'> & {
    enrol: EnrolNode
    auditRefusal: RefusalsOptions['audit']
  }

/** What an agent may do, as verbs on behalf of its node. */
export function createAgentVerbs(db: Ctx['db'], clock: Clock): AgentVerbs {
  const ctxOf = ({ workspaceId, nodeId }: AgentIdentity): Ctx => ({
    workspaceId,
    actor: { kind: 'agent', nodeId },
    db,
    clock,
  })
  const gatewayCtx = (workspaceId: string): Ctx => ({ workspaceId, actor: { kind: 'job', name: 'gateway' }, db, clock })
  const inIncidents: InIncidents = (identity, step, store) =>
    asWire(inLane(ctxOf(identity), { nodeId: identity.nodeId, lane: 'incidents', ...step }, store))

  return {
    enrol: async (input) => {
      const enrolling = enrolNode({ db, clock, input }).catch((error: unknown) => {
        throw error instanceof EnrolmentRefused ? refusedToken(error) : error
      })
      const { workspaceId, workspaceName, nodeId, nodeName } = await asWire(enrolling)
      return { nodeId: formatId('nd', nodeId), workspaceId: formatId('ws', workspaceId), workspaceName, nodeName }
    },
    welcome: async (identity, hello) => {
      const input = { nodeId: identity.nodeId, hello }
      const welcome = await asWire(welcomeNode({ ctx: ctxOf(identity), input }))
      const windows = await asWire(getNodeSchedule({ ctx: ctxOf(identity), input: { nodeId: identity.nodeId } }))
      return { ...welcome, nodeId: formatId('nd', welcome.nodeId), schedule: { windows } }
    },
    recordHeld: (identity, held) =>
      recordHeldPolicy({ ctx: ctxOf(identity), input: { nodeId: identity.nodeId, held } }),
    recordHealth: (identity, health) =>
      recordAgentHealth({ ctx: ctxOf(identity), input: { nodeId: identity.nodeId, health } }),
    readPolicies: (workspaceId, nodeIds) =>
      policiesForNodes({
        ctx: gatewayCtx(workspaceId),
        input: { nodeIds },
      }),
    markOffline: async (identities) => {
      for (const workspaceId of new Set(identities.map((identity) => identity.workspaceId))) {
        const nodeIds = identities.flatMap((one) => (one.workspaceId === workspaceId ? [one.nodeId] : []))
        await markNodesOffline({ ctx: gatewayCtx(workspaceId), input: { nodeIds } })
      }
    },
    recordIncident: (identity, step, message) =>
      inIncidents(identity, step, (ctx) => recordIncident({ ctx, input: { nodeId: identity.nodeId, ...message } })),
    recordSurge: (identity, step, surge) =>
      inIncidents(identity, step, (ctx) => recordSurge({ ctx, input: { nodeId: identity.nodeId, surge } })),
    announceEvidence: (identity, step, { incidentId, bundle, signed }) =>
      inIncidents(identity, step, (ctx) =>
        registerEvidence({ ctx, input: { nodeId: identity.nodeId, incidentId, bundle, signed } }),
      ),
    recordNotice: (identity, step, notice) =>
      inIncidents(identity, step, (ctx) => recordNodeNotice({ ctx, input: { nodeId: identity.nodeId, notice } })),
    passOver: (identity, step) => inIncidents(identity, step, async () => {}),
    auditRefusal: ({ workspaceId, kind, id }, { door, ...after }) =>
      recordAudit({
        ctx: gatewayCtx(workspaceId),
        input: { action: `${door}.refused`, subject: { kind, id }, after },
      }),
    findAnnounced: (identity, sha256) =>
      findAnnouncedEvidence({ ctx: ctxOf(identity), input: { nodeId: identity.nodeId, sha256 } }),
    completeUpload: (identity, stored) =>
      completeEvidenceUpload({ ctx: ctxOf(identity), input: { nodeId: identity.nodeId, ...stored } }),
  }
}

function refusedToken({ message, token }: EnrolmentRefused): WireFailure {
  const about = token && ({ ...token, kind: 'enrolment_token' } as const)
  return new WireFailure('bad_token', message, { about })
}

type InIncidents = (
  identity: AgentIdentity,
  step: { seq: number; hash: string },
  store: (ctx: Ctx) => Promise<unknown>,
) => ReturnType<typeof inLane>

const WIRE_CODES = {
  validation: 'bad_message',
  not_found: 'bad_message',
  conflict: 'bad_message',
  unauthenticated: 'bad_token',
  forbidden: 'revoked',
} as const

/** A verb's refusal in the words of the wire; anything else stays an internal failure. */
async function asWire<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    const code = error instanceof TidegateError ? WIRE_CODES[error.code as keyof typeof WIRE_CODES] : undefined
    if (code === undefined) throw error
    throw new WireFailure(code, (error as TidegateError).message, { cause: error })
  }
}
