import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'

const Input = z.object({
  subject: z.object({ kind: z.string(), id: z.string() }).optional(),
  limit: z.int().min(1).max(200).default(100),
})

export type AuditEntry = {
  id: string
  at: Date
  actorKind: string
  actorId: string
  action: string
  subjectKind: string
  subjectId: string
  before: unknown
  after: unknown
}

/** Newest first. */
export async function listAudit({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof Input>
}): Promise<AuditEntry[]> {
  requirePermission(ctx, 'audit.read')
  const { subject, limit } = parseInput(Input, input)
  return inTenant(ctx, (tx) =>
    tx.auditEntry.findMany({
      where: { workspaceId: ctx.workspaceId, subjectKind: subject?.kind, subjectId: subject?.id },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit,
      omit: { workspaceId: true },
    }),
  )
}
