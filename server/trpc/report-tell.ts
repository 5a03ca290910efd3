import type { ReportDocument } from '../../reports/document'
import { tellReport } from '../../reports/tell'
import type { Ctx } from '../services/context'
import { listMemberNames } from '../services/members/list'
import { getGroupReport, getIncidentReport } from '../services/reports/get'
import type { Edition, Report } from '../services/reports/report'

export type ReportAsked = { edition: Edition; zone: string }

/** Names of people only for editions that name them: their readers may read incidents. */
async function tell(ctx: Ctx, report: Report, { edition, zone }: ReportAsked): Promise<ReportDocument> {
  const names = edition === 'sponsor' ? null : await listMemberNames({ ctx })
  return tellReport(report, zone, (userId) => names?.get(userId) ?? null)
}

export async function tellIncident(ctx: Ctx, asked: ReportAsked & { incidentId: string }): Promise<ReportDocument> {
  const { incidentId, edition } = asked
  return tell(ctx, await getIncidentReport({ ctx, input: { incidentId, edition } }), asked)
}

export async function tellGroup(
  ctx: Ctx,
  asked: ReportAsked & { groupId: string | null; fromMs: number; toMs: number },
): Promise<ReportDocument> {
  const { groupId, edition, fromMs, toMs } = asked
  return tell(ctx, await getGroupReport({ ctx, input: { groupId, edition, fromMs, toMs } }), asked)
}
