import { z } from 'zod'
import { ForbiddenError, NotFoundError } from '../../core/errors'
import type { Reach } from '../../core/permissions'
import type { Tx } from '../../db/pool'
import { groupsWithin, requireWithin } from '../reach'
import { type PolicyBook, workspaceScope } from './book'
import type { Scope } from './settings'

/** One group, one node, or neither: the whole workspace. */
export const ScopeInput = z
  .object({ groupId: z.uuid().nullable().default(null), nodeId: z.uuid().nullable().default(null) })
  .refine(({ groupId, nodeId }) => groupId === null || nodeId === null, 'name a group or a node, not both')
export type ScopeInput = z.output<typeof ScopeInput>

/**
 * The scope that is meant, when it is there and within reach. The whole workspace is within a reach that is narrower only
 * where `isForReading`: what holds above one's groups holds in them.
 * @throws NotFoundError, ForbiddenError
 */
export async function requireScope(
  tx: Tx,
  book: PolicyBook,
  reach: Reach,
  { groupId, nodeId }: ScopeInput,
  isForReading: boolean,
): Promise<Scope> {
  if (nodeId !== null) {
    const node = book.nodes.find(({ id }) => id === nodeId)
    if (!node) throw new NotFoundError('node')
    await requireWithin(tx, reach, nodeId)
    return { kind: 'node', id: nodeId, name: node.name }
  }
  if (groupId !== null) {
    const group = book.groups.get(groupId)
    if (!group) throw new NotFoundError('group')
    const within = await groupsWithin(tx, reach)
    if (within !== null && !within.includes(groupId)) throw outOfReach()
    return { kind: 'group', id: groupId, name: group.name }
  }
  if (reach !== 'workspace' && !isForReading) throw outOfReach()
  return workspaceScope(book.workspaceId)
}

const outOfReach = (): ForbiddenError =>
  new ForbiddenError('This reaches beyond the groups that you were given. Ask an owner or admin of the workspace.')
