import { ForbiddenError } from '../core/errors'
import { type Permission, type Reach, reachOf } from '../core/permissions'
import { Prisma, type Tx } from '../db/pool'
import type { Ctx } from './context'

/** Ids of the nodes that a reach covers; null when it is all of them. */
export async function nodesWithin(tx: Tx, reach: Reach): Promise<string[] | null> {
  if (reach === 'workspace') return null
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM nodes_of_groups(${[...reach]}::uuid[]) AS id`
  return rows.map(({ id }) => id)
}

/** Ids of the groups that a reach covers, those below them included; null when it is all of them. */
export async function groupsWithin(tx: Tx, reach: Reach): Promise<string[] | null> {
  if (reach === 'workspace') return null
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM groups_below(${[...reach]}::uuid[]) AS id`
  return rows.map(({ id }) => id)
}

/** A condition on a column that holds a node's id. */
export const withinReach = (reach: Reach, column: Prisma.Sql): Prisma.Sql =>
  reach === 'workspace' ? Prisma.sql`true` : Prisma.sql`${column} IN (SELECT nodes_of_groups(${[...reach]}::uuid[]))`

/** One's own without the right is refused, not hidden. @throws ForbiddenError */
export async function requireWithin(tx: Tx, reach: Reach, nodeId: string): Promise<void> {
  const ids = await nodesWithin(tx, reach)
  if (ids === null || ids.includes(nodeId)) return
  throw new ForbiddenError(
    'This belongs to a part of the workspace that you were not given. Ask an owner or admin of the workspace.',
  )
}

/** The same for a group. @throws ForbiddenError */
export async function requireGroupWithin(tx: Tx, reach: Reach, groupId: string): Promise<void> {
  const ids = await groupsWithin(tx, reach)
  if (ids === null || ids.includes(groupId)) return
  throw new ForbiddenError(
    'This belongs to a part of the workspace that you were not given. Ask an owner or admin of the workspace.',
  )
}

/** Which of these permissions the actor has on one node. */
export async function permissionsOn<Name extends Permission>(
  tx: Tx,
  { actor }: Ctx,
  nodeId: string,
  permissions: readonly Name[],
): Promise<Record<Name, boolean>> {
  const may = async (permission: Name): Promise<boolean> => {
    if (actor.kind !== 'user') return actor.kind === 'job'
    const reach = reachOf(actor.grants, permission)
    if (reach === null) return false
    const ids = await nodesWithin(tx, reach)
    return ids === null || ids.includes(nodeId)
  }
  const answers: [Name, boolean][] = []
  for (const permission of permissions) answers.push([permission, await may(permission)])
  return Object.fromEntries(answers) as Record<Name, boolean>
}
