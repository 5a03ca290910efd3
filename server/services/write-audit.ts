import { newId } from '../core/ids'
import { Prisma, type Tx } from '../db/pool'
import { actorId, type Ctx, clockOf } from './context'

export type AuditNote = {
  action: string
  subject: { kind: string; id: string }
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
}

/** Adds the audit row of a verb, in the verb's own transaction. */
export async function writeAudit(tx: Tx, ctx: Ctx, { action, subject, before, after }: AuditNote): Promise<void> {
  await tx.auditEntry.create({
    data: {
      workspaceId: ctx.workspaceId,
      id: newId(),
      at: new Date(clockOf(ctx).now()),
      actorKind: ctx.actor.kind,
      actorId: actorId(ctx),
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      before: before ?? Prisma.DbNull,
      after: after ?? Prisma.DbNull,
    },
  })
}
