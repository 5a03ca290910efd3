import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import type { Incident } from './incident'
import { ListInput, listIncidents } from './list'

const Input = ListInput.omit({ cursor: true, limit: true }).extend({ format: z.enum(['csv', 'json']) })

const TOGETHER = 100

/** All incidents that fit, some at a time. That somebody took them along is written down first. */
export async function exportIncidents({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<AsyncGenerator<Incident[]>> {
  requirePermission(ctx, 'incident.read')
  const { format, ...asked } = parseInput(Input, input)
  const first = await listIncidents({ ctx, input: { ...asked, limit: TOGETHER } })
  await inTenant(ctx, (tx) =>
    writeAudit(tx, ctx, {
      action: 'incident.export',
      subject: { kind: 'workspace', id: ctx.workspaceId },
      after: { format, ...asked },
    }),
  )
  return pages(ctx, asked, first)
}

async function* pages(
  ctx: Ctx,
  asked: Omit<z.input<typeof ListInput>, 'cursor' | 'limit'>,
  first: Awaited<ReturnType<typeof listIncidents>>,
): AsyncGenerator<Incident[]> {
  let page = first
  for (;;) {
    yield page.incidents
    if (page.next === null) return
    page = await listIncidents({ ctx, input: { ...asked, cursor: page.next, limit: TOGETHER } })
  }
}
