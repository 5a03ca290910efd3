import { z } from 'zod'
import { ConflictError } from '../../core/errors'
import { newId } from '../../core/ids'
import { type Sealer, settingsPlace } from '../../core/seal'
import { EmailSettings, WebhookSettings } from '../../notify/settings'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Common = {
  name: z.string().trim().min(1).max(100),
  kinds: z.array(z.enum(['opened', 'updated', 'resolved'])).default(['opened', 'updated', 'resolved']),
}

export const NewDestination = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('email'), settings: EmailSettings, ...Common }),
  z.object({ channel: z.literal('webhook'), settings: WebhookSettings, ...Common }),
])
export type NewDestination = z.input<typeof NewDestination>

/** Makes a destination. A name that the workspace uses already is refused. */
export async function createDestination({
  ctx,
  input,
  sealer,
}: {
  ctx: Ctx
  input: NewDestination
  sealer: Sealer
}): Promise<{ id: string }> {
  requirePermission(ctx, 'destination.update')
  const { channel, name, settings, kinds } = parseInput(NewDestination, input)
  const { workspaceId } = ctx
  const id = newId()
  const sealed = sealer.seal(settings, settingsPlace(workspaceId, id))
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.destination.createMany({
      data: [{ workspaceId, id, channel, name, settings: sealed, kinds }],
      skipDuplicates: true,
    })
    if (count === 0) throw new ConflictError(`There is a destination called ${name} already. Choose another name.`)
    // Settings hold secrets: they stay out of the log.
    await writeAudit(tx, ctx, {
      action: 'destination.create',
      subject: { kind: 'destination', id },
      after: { channel, name, kinds },
    })
  })
  return { id }
}
