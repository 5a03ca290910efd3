import { z } from 'zod'
import { ConflictError } from '../../core/errors'
import { newId } from '../../core/ids'
import type { Sealer } from '../../core/seal'
import { DAY_MS } from '../../core/units'
import { Email } from '../accounts/fields'
import { hashOf, newToken } from '../accounts/token'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { GrantInput, requireGrantable } from '../members/grant'
import { writeAudit } from '../write-audit'
import { mailInvite } from './mail'

export const INVITE_DAYS = 7

const Input = z.object({ email: Email, grant: GrantInput })

/** `origin`: where the link of the mail leads. */
export type InviteParts = { sealer: Sealer; origin: string }

/** Invites an address by mail; the link is good once and for a week. @throws ConflictError while such an invite is open */
export async function createInvite({
  ctx,
  input,
  sealer,
  origin,
}: { ctx: Ctx; input: z.input<typeof Input> } & InviteParts): Promise<{ id: string }> {
  requirePermission(ctx, 'member.update')
  const { email, grant } = parseInput(Input, input)
  const { workspaceId } = ctx
  const [id, token] = [newId(), newToken()]
  const now = new Date(clockOf(ctx).now())
  await inTenant(ctx, async (tx) => {
    await requireGrantable(tx, ctx, grant)
    const { role, groupId, untilMs } = grant
    const data = {
      workspaceId,
      id,
      email,
      role,
      groupId,
      grantUntil: untilMs === null ? null : new Date(untilMs),
      tokenHash: hashOf(token),
      createdAt: now,
      createdBy: actorId(ctx),
      sentAt: now,
      expiresAt: new Date(now.getTime() + INVITE_DAYS * DAY_MS),
    }
    // Nothing is given back: this role may not read what the token is hashed to.
    const { count } = await tx.invite.createMany({ data, skipDuplicates: true })
    if (count === 0)
      throw new ConflictError(`${email} is invited to this already. Send that invite again, or revoke it.`)
    await mailInvite(tx, ctx, { id, token, sealer, origin })
    await writeAudit(tx, ctx, { action: 'invite.create', subject: { kind: 'invite', id }, after: { email, ...grant } })
  })
  return { id }
}
