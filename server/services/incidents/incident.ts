import type { IncidentReport, IncidentState } from '../../../wire/incident'
import { Prisma, type Tx } from '../../db/pool'

/** One incident. Times in epoch microseconds: of the node's clock, apart from stored and first alert. */
export type Incident = {
  id: string
  nodeId: string
  nodeName: string
  state: IncidentState
  revision: number
  score: number
  report: IncidentReport
  openedUs: number
  firstPacketUs: number
  detectedUs: number
  ruleInKernelUs: number | null
  storedUs: number
  evidenceSecuredUs: number | null
  firstAlertUs: number | null
  mitigatedUs: number | null
  endingUs: number | null
  resolvedUs: number | null
  updatedUs: number
  acknowledgedUs: number | null
  acknowledgedBy: string | null
}

const TIMES = [
  ['opened_at', 'openedUs'],
  ['first_packet_at', 'firstPacketUs'],
  ['detected_at', 'detectedUs'],
  ['rule_in_kernel_at', 'ruleInKernelUs'],
  ['stored_at', 'storedUs'],
  ['evidence_secured_at', 'evidenceSecuredUs'],
  ['first_alert_at', 'firstAlertUs'],
  ['mitigated_at', 'mitigatedUs'],
  ['ending_at', 'endingUs'],
  ['resolved_at', 'resolvedUs'],
  ['updated_at', 'updatedUs'],
  ['acknowledged_at', 'acknowledgedUs'],
] as const

const COLUMNS = Prisma.raw(
  [
    'i.id, i.node_id AS "nodeId", n.name AS "nodeName", i.state, i.revision, i.score, i.report',
    'i.acknowledged_by AS "acknowledgedBy"',
    // Read as a number: a JavaScript date would drop the microseconds.
    ...TIMES.map(([column, name]) => `(extract(epoch FROM i.${column}) * 1000000)::float8 AS "${name}"`),
  ].join(', '),
)

/** Incidents of the workspace that fit the condition (over `i`, the incident, and `n`, its node), as it orders them. */
export const selectIncidents = (tx: Tx, workspaceId: string, condition: Prisma.Sql): Promise<Incident[]> =>
  tx.$queryRaw<Incident[]>`
    SELECT ${COLUMNS} FROM incident i JOIN node n ON n.workspace_id = i.workspace_id AND n.id = i.node_id
    WHERE i.workspace_id = ${workspaceId}::uuid AND ${condition}`
