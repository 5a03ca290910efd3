import { z } from 'zod'
import { ConflictError, NotFoundError, ValidationError } from '../../core/errors'
import type { Tx } from '../../db/pool'
import type { Ctx } from '../context'
import { GROUP_KINDS } from './list'

export const GroupName = z
  .string()
  .trim()
  .min(1, 'give it a name')
  .max(80, 'at most 80 characters')
  .regex(/^[^\p{C}]+$/u, 'no control characters')
export const Kind = z.enum(GROUP_KINDS)

/** Deeper than any bracket; ends a walk that would not end. */
const DEPTH_MAX = 8

/** That a group may lie there: it exists, is not below the group itself, and not too deep. */
export async function requireParent(tx: Tx, { workspaceId }: Ctx, parentId: string | null, groupId?: string) {
  let at = parentId
  for (let depth = 1; at !== null; depth++) {
    if (at === groupId) throw new ValidationError('A group cannot lie in itself. Choose another one.', 'parentId')
    if (depth >= DEPTH_MAX) throw new ValidationError(`Groups lie at most ${DEPTH_MAX} deep.`, 'parentId')
    const above = await tx.nodeGroup.findFirst({ where: { workspaceId, id: at, archivedAt: null } })
    if (!above) throw new NotFoundError('group')
    at = above.parentId
  }
}

/** Two groups of one kind and name beside each other. */
export function nameTaken(error: unknown): never {
  if ((error as { code?: string }).code === 'P2002')
    throw new ConflictError('There is such a group here already. Choose another name.')
  throw error
}
