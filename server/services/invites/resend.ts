import { z } from 'zod'
import { LimitExceededError, NotFoundError } from '../../core/errors'
import { DAY_MS, MINUTE_MS } from '../../core/units'
import { hashOf, newToken } from '../accounts/token'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { INVITE_DAYS, type InviteParts } from './create'
import { mailInvite } from './mail'

const Input = z.object({ id: z.uuid() })

/** Nobody should be mailed more often than this. */
const PAUSE_MS = MINUTE_MS

/** Mails a new link, good for another week; the one before is good no more. */
export async function resendInvite({
  ctx,
  input,
  sealer,
  origin,
}: { ctx: Ctx; input: z.input<typeof Input> } & InviteParts): Promise<void> {
  requirePermission(ctx, 'member.update')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const nowMs = clockOf(ctx).now()
  const token = newToken()
  await inTenant(ctx, async (tx) => {
    const open = { workspaceId, id, acceptedAt: null, revokedAt: null }
    const { count } = await tx.invite.updateMany({
      where: { ...open, sentAt: { lte: new Date(nowMs - PAUSE_MS) } },
      data: { tokenHash: hashOf(token), sentAt: new Date(nowMs), expiresAt: new Date(nowMs + INVITE_DAYS * DAY_MS) },
    })
    if (count === 0) {
      if ((await tx.invite.count({ where: open })) === 0) throw new NotFoundError('invite')
      throw new LimitExceededError('This invite was mailed within the last minute. Wait a moment, then try again.')
    }
    await mailInvite(tx, ctx, { id, token, sealer, origin })
    await writeAudit(tx, ctx, { action: 'invite.resend', subject: { kind: 'invite', id } })
  })
}
