import { IncidentFilter } from '../services/incidents/filter'
import { idOf } from './init'

/** What a list of incidents is narrowed to, with ids as they stand in addresses. */
export const FilterInput = IncidentFilter.extend({
  nodeId: idOf('nd').optional(),
  groupId: idOf('grp').optional(),
})
