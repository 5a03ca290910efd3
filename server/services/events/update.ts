import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { GroupName } from '../groups/group'
import { setGroupNodes } from '../groups/set-nodes'
import { updateGroup } from '../groups/update'
import { AudienceTimes, TimeZone, Windows } from '../schedule/fields'
import { setSchedule } from '../schedule/set'

const Input = z.object({
  id: z.uuid(),
  name: GroupName.optional(),
  parentId: z.uuid().nullable().optional(),
  timeZone: TimeZone.nullable().optional(),
  audienceTimes: AudienceTimes.nullable().optional(),
  windows: Windows.optional(),
  nodeIds: z.array(z.uuid()).max(1_000).optional(),
})

/** Changes an event, stage or match, all of it or nothing. What is not given stays. */
export async function updateEvent({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id, name, parentId, nodeIds, ...schedule } = parseInput(Input, input)
  await inTenant(ctx, async (tx) => {
    const within = { ...ctx, tx }
    await setSchedule({ ctx: within, input: { id, ...schedule } })
    if (name !== undefined || parentId !== undefined)
      await updateGroup({
        ctx: within,
        input: { id, ...(name !== undefined && { name }), ...(parentId !== undefined && { parentId }) },
      })
    if (nodeIds !== undefined) await setGroupNodes({ ctx: within, input: { id, nodeIds } })
  })
}
