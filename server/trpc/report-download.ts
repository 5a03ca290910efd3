import type { z } from 'zod'
import type { ReportDocument } from '../../reports/document'
import { ValidationError } from '../core/errors'
import { recordAudit } from '../services/audit/record'
import type { Ctx } from '../services/context'
import { type FileRequest, fileHeaders, replyWithFile } from './file-reply'
import { GroupAsked, IncidentAsked } from './report-asked'
import { tellGroup, tellIncident } from './report-tell'

/** The report of an incident as a PDF. */
export function downloadIncidentReport({ asked, ...request }: FileRequest & { asked: object }): Promise<Response> {
  return replyWithFile(request, async (ctx) => {
    const { id, edition, zone } = read(IncidentAsked, asked)
    const document = await tellIncident(ctx, { incidentId: id, edition, zone })
    return reply(ctx, document, { kind: 'incident', id })
  })
}

/** The report of a group, or of the workspace, over a span of time as a PDF. */
export function downloadGroupReport({ asked, ...request }: FileRequest & { asked: object }): Promise<Response> {
  return replyWithFile(request, async (ctx) => {
    const { id, ...more } = read(GroupAsked, asked)
    const document = await tellGroup(ctx, { groupId: id ?? null, ...more })
    return reply(ctx, document, id === undefined ? { kind: 'workspace', id: ctx.workspaceId } : { kind: 'group', id })
  })
}

function read<Schema extends z.ZodType>(schema: Schema, asked: object): z.output<Schema> {
  const parsed = schema.safeParse(asked)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ValidationError(
    `${issue?.path.join('.') || 'The address'} is not valid: ${issue?.message ?? 'unreadable'}.`,
  )
}

/** Who took it is written down before the first byte leaves. */
async function reply(ctx: Ctx, document: ReportDocument, subject: { kind: string; id: string }): Promise<Response> {
  // Read only now: most processes never make one.
  const { renderPdf } = await import('../../reports/pdf/render')
  const pdf = await renderPdf(document)
  await recordAudit({ ctx, input: { action: 'report.download', subject, after: { edition: document.edition } } })
  return new Response(new Uint8Array(pdf), {
    headers: { ...fileHeaders('application/pdf', document.fileName), 'Content-Length': String(pdf.length) },
  })
}
