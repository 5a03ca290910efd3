import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { newId } from '../../core/ids'
import type { Tx } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { AudienceTimes, TimeZone, Windows } from './fields'
import type { Span } from './schedule'

const Input = z.object({
  id: z.uuid(),
  /** Null: as the group above. */
  timeZone: TimeZone.nullable().optional(),
  audienceTimes: AudienceTimes.nullable().optional(),
  /** All of them; what stood before is replaced. */
  windows: Windows.optional(),
})

/** When a group is on air, in which zone that is shown, and how large an audience to expect. What is not given stays. */
export async function setSchedule({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id, windows, ...rest } = parseInput(Input, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    // Locked: of two who save at once the windows of one stand, not a mixture.
    const found = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM node_group WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND archived_at IS NULL FOR UPDATE`
    if (found.length === 0) throw new NotFoundError('group')
    if (rest.timeZone !== undefined || rest.audienceTimes !== undefined)
      await tx.groupSchedule.upsert({
        where: { workspaceId_groupId: { workspaceId, groupId: id } },
        create: { workspaceId, groupId: id, ...rest },
        update: rest,
      })
    if (windows !== undefined) await replaceWindows(tx, workspaceId, id, windows)
    await writeAudit(tx, ctx, {
      action: 'group.set_schedule',
      subject: { kind: 'group', id },
      after: { ...rest, ...(windows && { windows }) },
    })
  })
}

export async function replaceWindows(tx: Tx, workspaceId: string, groupId: string, windows: readonly Span[]) {
  await tx.scheduleWindow.deleteMany({ where: { workspaceId, groupId } })
  await tx.scheduleWindow.createMany({
    data: windows.map(({ startsMs, endsMs }) => ({
      workspaceId,
      id: newId(),
      groupId,
      startsAt: new Date(startsMs),
      endsAt: new Date(endsMs),
    })),
  })
}
