import type { Tx } from '../../db/pool'
import { readSamples } from '../../db/sample-reads'
import { type Ctx, clockOf } from '../context'
import { listDeliveries } from '../deliveries/list'
import { listEvidence } from '../evidence/list'
import { listFeedback } from '../feedback/list'
import type { Incident } from '../incidents/incident'
import { selectMitigations, selectTimeline } from '../incidents/parts'
import { listNotes } from '../notes/list'
import { permissionsOn } from '../reach'
import { getSources } from '../sources/get'
import type { Edition, ReportedIncident } from './report'

const BEFORE_MS = 60_000
const AFTER_MS = 30_000
const SAMPLES_MS_MAX = 3_600_000
const ASKED = ['incident.read', 'evidence.read', 'evidence.download', 'delivery.read'] as const

/** Everything of one incident that this edition tells and this reader may know, read in one transaction. */
export async function collectIncident(
  tx: Tx,
  outer: Ctx,
  incident: Incident,
  { edition, withSamples, places }: { edition: Edition; withSamples: boolean; places: string[] },
): Promise<ReportedIncident> {
  const ctx = { ...outer, tx }
  const may = await permissionsOn(tx, ctx, incident.nodeId, ASKED)
  const input = { incidentId: incident.id }
  const isInside = edition !== 'sponsor' && may['incident.read']
  const isRetrospective = edition === 'retrospective' && isInside
  return {
    ...incident,
    places,
    timeline: isInside ? await selectTimeline(tx, ctx.workspaceId, incident.id) : [],
    mitigations: isInside ? await selectMitigations(tx, ctx.workspaceId, incident.id) : [],
    samples: withSamples && isInside ? await samplesAround(tx, ctx, incident) : [],
    evidence: isInside && may['evidence.download'] ? await listEvidence({ ctx, input }) : null,
    sources: isInside && may['evidence.read'] ? await getSources({ ctx, input: { ...input, each: 5 } }) : null,
    deliveries: isRetrospective && may['delivery.read'] ? await listDeliveries({ ctx, input }) : null,
    notes: isRetrospective ? await listNotes({ ctx, input }) : null,
    feedback: isRetrospective ? await listFeedback({ ctx, input }) : null,
  }
}

const samplesAround = (tx: Tx, ctx: Ctx, { nodeId, firstPacketUs, resolvedUs }: Incident) => {
  const fromMs = firstPacketUs / 1_000 - BEFORE_MS
  const endMs = resolvedUs === null ? clockOf(ctx).now() : resolvedUs / 1_000
  const toMs = Math.min(endMs + AFTER_MS, fromMs + SAMPLES_MS_MAX)
  return readSamples(tx, { workspaceId: ctx.workspaceId, nodeId, fromMs, toMs })
}
