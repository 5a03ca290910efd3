import { z } from 'zod'
import { type Ctx, inTenant, parseInput } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({
  action: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  subject: z.object({ kind: z.string().max(64), id: z.string().max(128) }),
  after: z.json().optional(),
})

/** For what happened to a transport rather than in a verb, e.g. a refused message. */
export async function recordAudit({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const { action, subject, after } = parseInput(Input, input)
  await inTenant(ctx, (tx) => writeAudit(tx, ctx, { action, subject, after: after ?? undefined }))
}
