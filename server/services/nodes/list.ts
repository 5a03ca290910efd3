import { z } from 'zod'
import { Prisma } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { withinReach } from '../reach'

export type Node = {
  id: string
  name: string
  hostname: string | null
  agentVersion: string | null
  kernel: string | null
  level: string | null
  state: 'waiting' | 'online' | 'offline' | 'archived'
  servicePorts: { protocol: 'udp' | 'tcp'; port: number }[]
  addresses: string[]
  enrolledAt: Date | null
  lastSeenAt: Date | null
}

export const NODE_COLUMNS = {
  id: true,
  name: true,
  hostname: true,
  agentVersion: true,
  kernel: true,
  level: true,
  state: true,
  servicePorts: true,
  addresses: true,
  enrolledAt: true,
  lastSeenAt: true,
} as const satisfies Prisma.NodeSelect

/** A node among many. */
export type ListedNode = Pick<Node, 'id' | 'name' | 'level' | 'state' | 'enrolledAt' | 'lastSeenAt'>

const Input = z.object({ groupId: z.uuid().optional() })

/** Nodes that are not archived, or those of a group and all that lies in it, by name. */
export async function listNodes({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof Input>
}): Promise<ListedNode[]> {
  const reach = requirePermission(ctx, 'node.read')
  const { groupId } = parseInput(Input, input)
  const inGroup = withinReach(groupId === undefined ? 'workspace' : [groupId], Prisma.sql`id`)
  return inTenant(
    ctx,
    (tx) => tx.$queryRaw<ListedNode[]>`
      SELECT id, name, level, state, enrolled_at AS "enrolledAt", last_seen_at AS "lastSeenAt" FROM node
      WHERE workspace_id = ${ctx.workspaceId}::uuid AND archived_at IS NULL AND ${withinReach(reach, Prisma.sql`id`)}
        AND ${inGroup}
      ORDER BY name`,
  )
}
