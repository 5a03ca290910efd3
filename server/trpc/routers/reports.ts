import { router, workspaceProcedure } from '../init'
import { GroupAsked, IncidentAsked } from '../report-asked'
import { tellGroup, tellIncident } from '../report-tell'

export const reports = router({
  ofIncident: workspaceProcedure
    .input(IncidentAsked)
    .query(({ ctx: { verb }, input: { id, edition, zone } }) => tellIncident(verb, { incidentId: id, edition, zone })),
  ofGroup: workspaceProcedure
    .input(GroupAsked)
    .query(({ ctx: { verb }, input: { id, workspace: _, ...asked } }) =>
      tellGroup(verb, { groupId: id ?? null, ...asked }),
    ),
})
