import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ id: z.uuid() })

/** Takes a group away with all groups in it. Its nodes stay in the fleet; what was granted for it ends. */
export async function archiveGroup({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  await inTenant(ctx, async (tx) => {
    const gone = await tx.$queryRaw<{ id: string }[]>`
      WITH RECURSIVE below AS (
        SELECT g.id FROM node_group g
          WHERE g.workspace_id = ${workspaceId}::uuid AND g.id = ${id}::uuid AND g.archived_at IS NULL
        UNION
        SELECT g.id FROM below b JOIN node_group g
          ON g.workspace_id = ${workspaceId}::uuid AND g.parent_id = b.id AND g.archived_at IS NULL)
      UPDATE node_group g SET archived_at = ${now} FROM below b
        WHERE g.workspace_id = ${workspaceId}::uuid AND g.id = b.id RETURNING g.id`
    if (gone.length === 0) throw new NotFoundError('group')
    await writeAudit(tx, ctx, {
      action: 'group.archive',
      subject: { kind: 'group', id },
      after: { groups: gone.length },
    })
  })
}
