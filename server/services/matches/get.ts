import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Reach, reachOf } from '../../core/permissions'
import type { Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { groupsWithin, requireGroupWithin } from '../reach'
import { readSchedule } from '../schedule/read'
import {
  audienceOf,
  type Clash,
  clashesOf,
  liveGroups,
  nodesByGroup,
  type Span,
  toTree,
  upwards,
  windowsOf,
  zoneOf,
} from '../schedule/schedule'

const Input = z.object({ id: z.uuid() })

export type MatchDetail = {
  id: string
  name: string
  /** What it lies in and may be seen, from the top. */
  path: { id: string; name: string; kind: string }[]
  windows: Span[]
  zone: string
  audience: number
  isLive: boolean
  /** Its servers, those of groups in it included; null for whom neither servers nor incidents are shown. */
  nodeIds: string[] | null
  maySeeServers: boolean
  /** Whether its incidents may be read. */
  mayReadIncidents: boolean
  clashes: Clash[]
  names: Record<string, string>
}

/** One match: when it is on air, and on which servers, as far as the reader may know. */
export async function getMatch({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<MatchDetail> {
  const reach = requirePermission(ctx, 'group.read')
  const { id } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    const groups = await readSchedule(ctx, tx)
    const tree = toTree(groups)
    const match = tree.get(id)
    if (match?.kind !== 'match') throw new NotFoundError('match')
    await requireGroupWithin(tx, reach, id)
    const within = await groupsWithin(tx, reach)
    const maySeeServers = await reaches(tx, ctx, 'node.read', id)
    const mayReadIncidents = await reaches(tx, ctx, 'incident.read', id)
    const clashes = maySeeServers ? clashesOf(groups).filter(({ groupId }) => groupId === id) : []
    return {
      id,
      name: match.name,
      path: upwards(tree, match.parentId)
        .filter((above) => within === null || within.includes(above.id))
        .map(({ id: aboveId, name, kind }) => ({ id: aboveId, name, kind }))
        .reverse(),
      windows: windowsOf(tree, id),
      zone: zoneOf(tree, id),
      audience: audienceOf(tree, id),
      isLive: liveGroups(tree, clockOf(ctx).now()).has(id),
      nodeIds: maySeeServers || mayReadIncidents ? [...(nodesByGroup(groups).get(id) ?? [])] : null,
      maySeeServers,
      mayReadIncidents,
      clashes: clashes.slice(0, 5),
      names: Object.fromEntries(clashes.map(({ withId }) => [withId, tree.get(withId)?.name ?? ''])),
    }
  })
}

/** Whether the actor has this permission on the group: what lies in it is within the same reach. */
async function reaches(
  tx: Tx,
  { actor }: Ctx,
  permission: 'node.read' | 'incident.read',
  groupId: string,
): Promise<boolean> {
  const reach: Reach | null =
    actor.kind === 'job' ? 'workspace' : actor.kind === 'user' ? reachOf(actor.grants, permission) : null
  if (reach === null) return false
  const ids = await groupsWithin(tx, reach)
  return ids === null || ids.includes(groupId)
}
