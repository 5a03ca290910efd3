import { z } from 'zod'
import { listDeliveries } from '../../services/deliveries/list'
import { listEvidence } from '../../services/evidence/list'
import { acknowledgeIncident } from '../../services/incidents/acknowledge'
import { getIncident } from '../../services/incidents/get'
import { getIncidentRights } from '../../services/incidents/get-rights'
import { listIncidents } from '../../services/incidents/list'
import { listIncidentSamples } from '../../services/incidents/samples'
import { toDelivery, toEvidence } from '../incident-proof'
import { type IncidentDetail, toFacts, toSummary } from '../incident-view'
import { idOf, router, workspaceProcedure } from '../init'
import { namesOf } from '../names'

const ById = z.object({ id: idOf('inc') })

export const incidents = router({
  list: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) => {
    const [rows, nameOf] = await Promise.all([listIncidents({ ctx, input: { limit: 200 } }), namesOf(ctx)])
    return rows.map((incident) => toSummary(incident, nameOf))
  }),
  get: workspaceProcedure.input(ById).query(async ({ ctx: { verb: ctx }, input: { id } }): Promise<IncidentDetail> => {
    const incident = await getIncident({ ctx, input: { id } })
    const may = await getIncidentRights({ ctx, input: { nodeId: incident.nodeId } })
    const [deliveries, bundles, nameOf] = await Promise.all([
      may['delivery.read'] ? listDeliveries({ ctx, input: { incidentId: id } }) : [],
      may['evidence.read'] ? listEvidence({ ctx, input: { incidentId: id } }) : [],
      namesOf(ctx),
    ])
    return {
      ...toFacts(incident, nameOf),
      deliveries: deliveries.map(toDelivery),
      evidence: toEvidence(incident.report.evidence, bundles.at(-1) ?? null),
      may: {
        acknowledge: may['incident.acknowledge'],
        downloadEvidence: may['evidence.download'],
        seeDeliveries: may['delivery.read'],
      },
    }
  }),
  samples: workspaceProcedure.input(ById).query(async ({ ctx: { verb: ctx }, input: { id } }) => {
    const samples = await listIncidentSamples({ ctx, input: { id } })
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
