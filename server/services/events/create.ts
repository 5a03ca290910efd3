import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { createGroup } from '../groups/create'
import { GroupName } from '../groups/group'
import { setGroupNodes } from '../groups/set-nodes'
import { AudienceTimes, TimeZone, Windows } from '../schedule/fields'
import { setSchedule } from '../schedule/set'

const Input = z.object({
  kind: z.enum(['event', 'stage', 'match']),
  name: GroupName,
  parentId: z.uuid().nullable().default(null),
  timeZone: TimeZone.nullable().default(null),
  audienceTimes: AudienceTimes.nullable().default(null),
  windows: Windows.default([]),
  nodeIds: z.array(z.uuid()).max(1_000).default([]),
})

/** An event, stage or match with its times and servers, all of it or nothing. */
export async function createEvent({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<{ id: string }> {
  requirePermission(ctx, 'group.update')
  const { kind, name, parentId, nodeIds, ...schedule } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    const within = { ...ctx, tx }
    const { id } = await createGroup({ ctx: within, input: { kind, name, parentId } })
    await setSchedule({ ctx: within, input: { id, ...schedule } })
    if (nodeIds.length > 0) await setGroupNodes({ ctx: within, input: { id, nodeIds } })
    return { id }
  })
}
