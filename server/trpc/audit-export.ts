import { z } from 'zod'
import { ValidationError } from '../core/errors'
import { exportAudit } from '../services/audit/export'
import { auditLines } from './audit-lines'
import { type FileRequest, fileHeaders, replyWithFile, streamOf } from './file-reply'
import { AuditQuery, toFilter } from './routers/audit'

const Moment = z.coerce.number().int().nonnegative().nullable().default(null)
const Asked = AuditQuery.extend({ format: z.enum(['csv', 'jsonl']), fromMs: Moment, untilMs: Moment })

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const

/** Streams the rows of the log that fit what is asked for: a page is read when the one before it has left. */
export function downloadAudit({ asked, ...request }: FileRequest & { asked: object }): Promise<Response> {
  return replyWithFile(request, async (ctx) => {
    const parsed = Asked.safeParse(asked)
    if (!parsed.success) throw new ValidationError('Ask for format=csv or format=jsonl, with the filter of the log.')
    const { format, ...query } = parsed.data
    const pages = await exportAudit({ ctx, input: { ...toFilter(query), format } })
    const name = `audit-${request.workspace}-${new Date().toISOString().slice(0, 10)}.${format}`
    return new Response(streamOf(auditLines(pages, format)), { headers: fileHeaders(TYPES[format], name) })
  })
}
