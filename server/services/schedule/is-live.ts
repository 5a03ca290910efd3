import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { requireGroupWithin } from '../reach'
import { readSchedule } from './read'
import { liveGroups, toTree } from './schedule'

const Input = z.object({ id: z.uuid() })

/**
 * Whether an event, stage or match is on air at this moment: by a window of its own or, where it has none, of the group it
 * lies in; and always while something in it is. What bills, escalates or pauses asks this first.
 */
export async function isLive({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<boolean> {
  const reach = requirePermission(ctx, 'group.read')
  const { id } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    const tree = toTree(await readSchedule(ctx, tx))
    if (!tree.has(id)) throw new NotFoundError('group')
    await requireGroupWithin(tx, reach, id)
    return liveGroups(tree, clockOf(ctx).now()).has(id)
  })
}

/** Ids of all groups on air, for who decides about the whole workspace. */
export async function listLiveGroups({ ctx }: { ctx: Ctx }): Promise<string[]> {
  requirePermission(ctx, 'group.read')
  return inTenant(ctx, async (tx) => [...liveGroups(toTree(await readSchedule(ctx, tx)), clockOf(ctx).now())])
}
