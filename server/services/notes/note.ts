import { z } from 'zod'
import { ForbiddenError, NotFoundError } from '../../core/errors'
import { Prisma, type Tx } from '../../db/pool'
import { type Ctx, requirePermission } from '../context'
import { requireIncident } from '../incidents/require-within'

export const NoteText = z
  .string()
  .trim()
  .min(1, { message: 'write something first' })
  .max(4_000, { message: 'write at most 4,000 characters' })

export type Note = {
  id: string
  incidentId: string
  authorId: string
  text: string
  createdAt: Date
  editedAt: Date | null
}

export const NOTE_FIELDS = {
  id: true,
  incidentId: true,
  authorId: true,
  text: true,
  createdAt: true,
  editedAt: true,
} as const

/** A removed note can be brought back so long; then its text is gone. */
export const UNDO_MS = 10 * 60_000

/**
 * Whoever writes notes here may change those of their own, and nobody those of others.
 * @throws NotFoundError, ForbiddenError
 */
export async function requireOwnNote(tx: Tx, ctx: Ctx, id: string): Promise<{ incidentId: string }> {
  const reach = requirePermission(ctx, 'incident.annotate')
  const note = await tx.incidentNote.findFirst({
    where: { workspaceId: ctx.workspaceId, id },
    select: { incidentId: true, authorId: true },
  })
  if (!note) throw new NotFoundError('note')
  await requireIncident(tx, ctx, reach, note.incidentId)
  const isOwn = ctx.actor.kind === 'user' && ctx.actor.userId === note.authorId
  if (!isOwn) throw new ForbiddenError('This note is somebody else’s: only its author changes or removes it.')
  return { incidentId: note.incidentId }
}

/** Text of what was removed does not stay. */
export const forgetRemoved = (tx: Tx, ctx: Ctx, nowMs: number): Promise<number> =>
  tx.$executeRaw(Prisma.sql`
  UPDATE incident_note SET text = ''
  WHERE workspace_id = ${ctx.workspaceId}::uuid AND removed_at < ${new Date(nowMs - UNDO_MS)}::timestamptz AND text <> ''`)
