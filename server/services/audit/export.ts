import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { AuditFilter, type AuditPage, listAudit } from './list'

const Input = AuditFilter.extend({ format: z.enum(['csv', 'jsonl']) })

const PAGE_ROWS = 500

/** All rows that fit, newest first, page by page. That somebody took them is written down before the first leaves. */
export async function exportAudit({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<AsyncGenerator<AuditPage>> {
  requirePermission(ctx, 'audit.read')
  const { format, ...filter } = parseInput(Input, input)
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== ''))
  await inTenant(ctx, (tx) =>
    writeAudit(tx, ctx, {
      action: 'audit.export',
      subject: { kind: 'workspace', id: ctx.workspaceId },
      after: { format, ...asked },
    }),
  )
  return pagesOf(ctx, filter)
}

async function* pagesOf(ctx: Ctx, filter: AuditFilter): AsyncGenerator<AuditPage> {
  for (let beforeSeq: number | null = null; ; ) {
    const page: AuditPage = await listAudit({ ctx, input: { ...filter, beforeSeq, limit: PAGE_ROWS } })
    yield page
    if (page.nextSeq === null) return
    beforeSeq = page.nextSeq
  }
}
