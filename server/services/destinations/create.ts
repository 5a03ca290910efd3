import { z } from 'zod'
import { newId } from '../../core/ids'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({
  channel: z.string().regex(/^[a-z0-9_]{1,32}$/),
  name: z.string().trim().min(1).max(100),
  /** Checked against the channel's own schema by the caller. */
  settings: z.record(z.string(), z.json()),
  kinds: z.array(z.enum(['opened', 'updated', 'resolved'])).default(['opened', 'updated', 'resolved']),
})

export async function createDestination({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ id: string }> {
  requirePermission(ctx, 'destination.update')
  const { channel, name, settings, kinds } = parseInput(Input, input)
  const id = newId()
  await inTenant(ctx, async (tx) => {
    await tx.destination.create({ data: { workspaceId: ctx.workspaceId, id, channel, name, settings, kinds } })
    // Settings hold secrets: they stay out of the log.
    await writeAudit(tx, ctx, {
      action: 'destination.create',
      subject: { kind: 'destination', id },
      after: { channel, name, kinds },
    })
  })
  return { id }
}
