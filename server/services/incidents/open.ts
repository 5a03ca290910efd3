import { z } from 'zod'
import { IncidentEvent, IncidentReport } from '../../../wire/incident'
import { decide } from '../../confirm/decide'
import type { Tx } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'
import { insertIncident, type ReportWrite, writeReport } from './write-report'

export const ReportInput = z.object({ nodeId: z.uuid(), event: IncidentEvent, report: IncidentReport })
export type ReportInput = z.infer<typeof ReportInput>

/**
 * Stores a node's first report with timeline, rules, audit and the messages it causes. The node makes the id, so a
 * repeat finds the incident and changes nothing: `isNew` is false then.
 */
export async function openIncident({ ctx, input }: { ctx: Ctx; input: ReportInput }): Promise<{ isNew: boolean }> {
  const given = parseInput(ReportInput, input)
  requireNode(ctx, given.nodeId)
  return { isNew: await inTenant(ctx, (tx) => storeFirstReport(tx, ctx, given)) }
}

/** True when the incident was new. */
export function storeFirstReport(tx: Tx, ctx: Ctx, { nodeId, event, report }: ReportInput): Promise<boolean> {
  const { state, effects } = decide(null, { state: report.state, revision: report.revision, event: event.kind })
  const write: ReportWrite = { nodeId, event, report, state, effects, auditAction: 'incident.open', before: null }
  return writeReport(tx, ctx, write, insertIncident(ctx, write))
}
