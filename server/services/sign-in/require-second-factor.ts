import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ isRequired: z.boolean() })

/** Asks everybody for a second factor, or nobody. Open pages and sockets of who lacks one lose the workspace within five seconds. */
export async function requireSecondFactor({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ isChanged: boolean }> {
  requirePermission(ctx, 'workspace.update')
  const { isRequired } = parseInput(Input, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const { count } = await tx.workspace.updateMany({
      where: { id: workspaceId, secondFactorRequired: !isRequired },
      data: { secondFactorRequired: isRequired },
    })
    if (count === 0) return { isChanged: false }
    await writeAudit(tx, ctx, {
      action: 'sign_in.update',
      subject: { kind: 'workspace', id: workspaceId },
      before: { secondFactorRequired: !isRequired },
      after: { secondFactorRequired: isRequired },
    })
    return { isChanged: true }
  })
}
