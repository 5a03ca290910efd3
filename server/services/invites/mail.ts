import { NotFoundError } from '../../core/errors'
import { newId } from '../../core/ids'
import type { Tx } from '../../db/pool'
import { type AccountMailContent, accountMailPlace } from '../accounts/mail'
import { type Ctx, clockOf } from '../context'
import type { InviteParts } from './create'

/** Queues the mail of an open invite in the verb's own transaction. */
export async function mailInvite(
  tx: Tx,
  ctx: Ctx,
  { id, token, sealer, origin }: { id: string; token: string } & InviteParts,
): Promise<void> {
  const { workspaceId, actor } = ctx
  const [invite, workspace, person] = [
    await tx.invite.findFirst({
      where: { workspaceId, id },
      select: { email: true, role: true, group: { select: { name: true } } },
    }),
    await tx.workspace.findFirst({ where: { id: workspaceId }, select: { name: true } }),
    actor.kind === 'user'
      ? await tx.userAccount.findFirst({ where: { id: actor.userId }, select: { name: true } })
      : null,
  ]
  if (!invite || !workspace) throw new NotFoundError('invite')
  const content: AccountMailContent = {
    kind: 'invite',
    workspaceName: workspace.name,
    by: person?.name ?? workspace.name,
    role: invite.role,
    groupName: invite.group?.name ?? null,
    link: `${origin}/invite?token=${token}`,
  }
  const mailId = newId()
  const sealed = JSON.stringify(sealer.seal(content, accountMailPlace(mailId)))
  const now = new Date(clockOf(ctx).now())
  await tx.$executeRaw`SELECT account_mail_queue(${mailId}::uuid, ${invite.email}, ${sealed}::jsonb, ${now})`
}
