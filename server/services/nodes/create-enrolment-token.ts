import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { newId } from '../../core/ids'
import { HOUR_MS } from '../../core/units'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({
  nodeName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, at most 63, e.g. match-01'),
  validHours: z.int().min(1).max(24).default(1),
  /** Where the node lands. */
  groupIds: z.array(z.uuid()).max(32).default([]),
  /** A line made before that is good no more once this one is. */
  replacesId: z.uuid().nullable().default(null),
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
  const { nodeName, validHours, replacesId, ...asked } = parseInput(Input, input)
  const groupIds = [...new Set(asked.groupIds)]
  const { workspaceId } = ctx
  const token = `enrol_${randomBytes(24).toString('base64url')}`
  const id = newId()
  const now = clockOf(ctx).now()
  const expiresAt = new Date(now + validHours * HOUR_MS)
  await inTenant(ctx, async (tx) => {
    const known = await tx.nodeGroup.count({ where: { workspaceId, id: { in: groupIds }, archivedAt: null } })
    if (known < groupIds.length) throw new NotFoundError('group')
    if (replacesId !== null)
      await tx.enrolmentToken.updateMany({
        where: { workspaceId, id: replacesId, usedAt: null, revokedAt: null },
        data: { revokedAt: new Date(now) },
      })
    await tx.enrolmentToken.create({
      data: {
        workspaceId,
        id,
        tokenHash: hashToken(token),
        nodeName,
        createdAt: new Date(now),
        expiresAt,
      },
    })
    await tx.enrolmentTokenGroup.createMany({
      data: groupIds.map((groupId) => ({ workspaceId, tokenId: id, groupId })),
    })
    await writeAudit(tx, ctx, {
      action: 'enrolment_token.create',
      subject: { kind: 'enrolment_token', id },
      after: { nodeName, expiresAt: expiresAt.toISOString(), groupIds, replacesId },
    })
  })
  return { id, token, nodeName, expiresAt }
}
