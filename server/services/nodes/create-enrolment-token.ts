import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { newId } from '../../core/ids'
import { HOUR_MS } from '../../core/units'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({
  nodeName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, at most 63, e.g. match-01'),
  validHours: z.int().min(1).max(24).default(1),
})

/** 160 random bits or more: a plain hash of it may be kept. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The token itself is given out here once and kept as a hash only. Good for one node within its hours. */
export async function createEnrolmentToken({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ id: string; token: string; nodeName: string; expiresAt: Date }> {
  requirePermission(ctx, 'node.enrol')
  const { nodeName, validHours } = parseInput(Input, input)
  const token = `enrol_${randomBytes(24).toString('base64url')}`
  const id = newId()
  const now = clockOf(ctx).now()
  const expiresAt = new Date(now + validHours * HOUR_MS)
  await inTenant(ctx, async (tx) => {
    await tx.enrolmentToken.create({
      data: {
        workspaceId: ctx.workspaceId,
        id,
        tokenHash: hashToken(token),
        nodeName,
        createdAt: new Date(now),
        expiresAt,
      },
    })
    await writeAudit(tx, ctx, {
      action: 'enrolment_token.create',
      subject: { kind: 'enrolment_token', id },
      after: { nodeName, expiresAt: expiresAt.toISOString() },
    })
  })
  return { id, token, nodeName, expiresAt }
}
