import { z } from 'zod'
import { roleMay } from '../../core/permissions'
import { listDeliveries } from '../../services/deliveries/list'
import { listEvidence } from '../../services/evidence/list'
import { acknowledgeIncident } from '../../services/incidents/acknowledge'
import { getIncident } from '../../services/incidents/get'
import { listIncidents } from '../../services/incidents/list'
import { listNodeSamples } from '../../services/nodes/samples'
import { toDelivery, toEvidence } from '../incident-proof'
import { type IncidentDetail, toFacts, toSummary } from '../incident-view'
import { idOf, router, workspaceProcedure } from '../init'
import { namesOf } from '../names'

const ById = z.object({ id: idOf('inc') })

/** Seconds of traffic shown around an incident, and the most that one page holds. */
const BEFORE_MS = 120_000
const AFTER_MS = 60_000
const RANGE_MS_MAX = 1_800_000

export const incidents = router({
  list: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) => {
    const [rows, nameOf] = await Promise.all([listIncidents({ ctx, input: { limit: 200 } }), namesOf(ctx)])
    return rows.map((incident) => toSummary(incident, nameOf))
  }),
  get: workspaceProcedure
    .input(ById)
    .query(async ({ ctx: { verb: ctx, membership }, input: { id } }): Promise<IncidentDetail> => {
      const [incident, deliveries, bundles, nameOf] = await Promise.all([
        getIncident({ ctx, input: { id } }),
        listDeliveries({ ctx, input: { incidentId: id } }),
        listEvidence({ ctx, input: { incidentId: id } }),
        namesOf(ctx),
      ])
      return {
        ...toFacts(incident, nameOf),
        deliveries: deliveries.map(toDelivery),
        evidence: toEvidence(incident.report.evidence, bundles.at(-1) ?? null),
        may: {
          acknowledge: roleMay(membership.role, 'incident.acknowledge'),
          downloadEvidence: roleMay(membership.role, 'evidence.download'),
        },
      }
    }),
  samples: workspaceProcedure.input(ById).query(async ({ ctx: { verb: ctx }, input: { id } }) => {
    const { nodeId, firstPacketUs, resolvedUs } = await getIncident({ ctx, input: { id } })
    const fromMs = Math.floor(firstPacketUs / 1_000) - BEFORE_MS
    const endMs = resolvedUs === null ? Date.now() : Math.ceil(resolvedUs / 1_000)
    const toMs = Math.min(endMs + AFTER_MS, fromMs + RANGE_MS_MAX)
    const samples = await listNodeSamples({ ctx, input: { nodeId, fromMs, toMs } })
    const points = samples.map(({ atMs, wire, dropped, delivered, baseline, tripwirePps }) => ({
      atMs,
      wire,
      dropped,
      delivered,
      baseline,
      tripwirePps,
    }))
    return { resolutionMs: 1_000, points }
  }),
  acknowledge: workspaceProcedure.input(ById).mutation(async ({ ctx: { verb: ctx }, input: { id } }) => {
    const incident = await acknowledgeIncident({ ctx, input: { id } })
    return { acknowledgedMs: incident.acknowledgedUs === null ? null : incident.acknowledgedUs / 1_000 }
  }),
})
