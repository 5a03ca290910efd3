import { newId } from '../../core/ids'
import { Prisma, type Tx } from '../../db/pool'
import { actorId, type Ctx, clockOf } from '../context'

export type CustodyNote = { evidenceId: string; action: 'registered' | 'uploaded' | 'downloaded'; detail: string }

/** Adds a line to the custody log: who had the bundle in hand, when and why. */
export async function writeCustody(tx: Tx, ctx: Ctx, { evidenceId, action, detail }: CustodyNote): Promise<void> {
  await tx.evidenceCustody.create({
    data: {
      workspaceId: ctx.workspaceId,
      id: newId(),
      evidenceId,
      at: new Date(clockOf(ctx).now()),
      actorKind: ctx.actor.kind,
      actorId: actorId(ctx),
      action,
      detail,
    },
  })
}

/** Tells consoles that something about the incident changed although its report did not. */
export async function notifyIncident(tx: Tx, ctx: Ctx, incidentId: string): Promise<void> {
  await tx.$executeRaw(Prisma.sql`
    SELECT pg_notify('incident', json_build_object('workspaceId', workspace_id, 'incidentId', id, 'revision', revision)::text)
    FROM incident WHERE workspace_id = ${ctx.workspaceId}::uuid AND id = ${incidentId}::uuid`)
}
