import { z } from 'zod'
import { formatId } from '../../core/ids'
import { listDeliveries } from '../../services/deliveries/list'
import { listEvidence } from '../../services/evidence/list'
import { listFeedback } from '../../services/feedback/list'
import { acknowledgeIncident } from '../../services/incidents/acknowledge'
import { countIncidents } from '../../services/incidents/count'
import { getIncident } from '../../services/incidents/get'
import { getIncidentRights } from '../../services/incidents/get-rights'
import { GROUPINGS, groupIncidents } from '../../services/incidents/group'
import { INCIDENT_SORTS, listIncidents } from '../../services/incidents/list'
import { listIncidentSamples } from '../../services/incidents/samples'
import { listNotes } from '../../services/notes/list'
import { getSources } from '../../services/sources/get'
import { FilterInput } from '../incident-filter'
import { toFeedback, toNote } from '../incident-notes'
import { toDelivery, toEvidence } from '../incident-proof'
import { type IncidentDetail, toFacts, toSummary } from '../incident-view'
import { idOf, router, workspaceProcedure } from '../init'
import { namesOf } from '../names'

const ById = z.object({ id: idOf('inc') })
const ListInput = FilterInput.extend({
  sort: z.enum(INCIDENT_SORTS).optional(),
  cursor: z.string().max(200).nullish(),
})
const GroupInput = FilterInput.extend({ by: z.enum(GROUPINGS), zone: z.string().max(64).optional() })

export const incidents = router({
  list: workspaceProcedure
    .input(ListInput)
    .query(async ({ ctx: { verb: ctx }, input: { workspace: _, cursor, ...input } }) => {
      const [{ incidents: rows, next }, nameOf] = await Promise.all([
        listIncidents({ ctx, input: { ...input, cursor: cursor ?? undefined } }),
        namesOf(ctx),
      ])
      return { incidents: rows.map((incident) => toSummary(incident, nameOf)), next }
    }),
  count: workspaceProcedure
    .input(FilterInput)
    .query(({ ctx: { verb: ctx }, input: { workspace: _, ...input } }) => countIncidents({ ctx, input })),
  grouped: workspaceProcedure
    .input(GroupInput)
    .query(async ({ ctx: { verb: ctx }, input: { workspace: _, ...input } }) => {
      const groups = await groupIncidents({ ctx, input })
      const prefix = input.by === 'node' ? 'nd' : input.by === 'group' ? 'grp' : null
      return groups.map((group) => ({
        ...group,
        key: group.key !== null && prefix !== null ? formatId(prefix, group.key) : group.key,
      }))
    }),
  get: workspaceProcedure.input(ById).query(async ({ ctx: { verb: ctx }, input: { id } }): Promise<IncidentDetail> => {
    const incident = await getIncident({ ctx, input: { id } })
    const may = await getIncidentRights({ ctx, input: { nodeId: incident.nodeId } })
    const input = { incidentId: id }
    const [deliveries, bundles, sources, notes, feedback, nameOf] = await Promise.all([
      may['delivery.read'] ? listDeliveries({ ctx, input }) : [],
      may['evidence.read'] ? listEvidence({ ctx, input }) : [],
      may['evidence.read'] ? getSources({ ctx, input }) : null,
      listNotes({ ctx, input }),
      listFeedback({ ctx, input }),
      namesOf(ctx),
    ])
    return {
      ...toFacts(incident, nameOf),
      deliveries: deliveries.map(toDelivery),
      evidence: toEvidence(incident.report.evidence, bundles.at(-1) ?? null),
      sources,
      notes: notes.map((note) => toNote(note, ctx, nameOf)),
      feedback: feedback.map((one) => toFeedback(one, ctx, nameOf)),
      may: {
        acknowledge: may['incident.acknowledge'],
        annotate: may['incident.annotate'],
        downloadEvidence: may['evidence.download'],
        seeEvidence: may['evidence.read'],
        seeDeliveries: may['delivery.read'],
        readPolicy: may['policy.read'],
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

export type IncidentPage = { incidents: ReturnType<typeof toSummary>[]; next: string | null }
