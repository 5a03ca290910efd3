import { z } from 'zod'
import { formatId } from '../../core/ids'
import { ROLES } from '../../core/permissions'
import { createInvite } from '../../services/invites/create'
import { type Invite, listInvites } from '../../services/invites/list'
import { resendInvite } from '../../services/invites/resend'
import { revokeInvite } from '../../services/invites/revoke'
import { grantRole, revokeGrant } from '../../services/members/grant'
import { listMembers, type Member } from '../../services/members/list'
import { removeMember } from '../../services/members/remove'
import { mailOrigin } from '../context'
import { idOf, router, workspaceProcedure } from '../init'

/** A role as it is granted: in the whole workspace or one group, in a window. */
export const GrantFields = z.object({
  role: z.enum(ROLES).exclude(['spectator']),
  groupId: idOf('grp').nullable().default(null),
  fromMs: z.int().nonnegative().nullable().default(null),
  untilMs: z.int().nonnegative().nullable().default(null),
})

export type MemberView = ReturnType<typeof toView>

const toView = ({ id, userId, name, email, createdAt, grants }: Member, ownUserId: string) => ({
  id: formatId('mem', id),
  /** As rows of the audit log name who acted. */
  userId,
  name,
  email,
  isSelf: userId === ownUserId,
  joinedMs: createdAt.getTime(),
  grants: grants.map((grant) => ({
    id: formatId('grt', grant.id),
    role: grant.role,
    group: grant.group && { id: formatId('grp', grant.group.id), kind: grant.group.kind, name: grant.group.name },
    fromMs: grant.validFrom.getTime(),
    untilMs: grant.validUntil?.getTime() ?? null,
  })),
})

export type InviteView = ReturnType<typeof toInvite>

const toInvite = ({ id, email, role, group, grantUntil, sentAt, expiresAt, isExpired }: Invite) => ({
  id: formatId('inv', id),
  email,
  role,
  groupName: group?.name ?? null,
  untilMs: grantUntil?.getTime() ?? null,
  sentMs: sentAt.getTime(),
  expiresMs: expiresAt.getTime(),
  isExpired,
})

const InviteId = z.object({ id: idOf('inv') })

export const members = router({
  list: workspaceProcedure.query(async ({ ctx }) =>
    (await listMembers({ ctx: ctx.verb })).map((member) => toView(member, ctx.session.userId)),
  ),
  invites: workspaceProcedure.query(async ({ ctx }) => (await listInvites({ ctx: ctx.verb })).map(toInvite)),
  invite: workspaceProcedure
    .input(z.object({ email: z.string().max(300), grant: GrantFields }))
    .mutation(async ({ ctx, input: { email, grant } }) => {
      const parts = { sealer: ctx.sealer(), origin: mailOrigin(ctx) }
      const { id } = await createInvite({ ctx: ctx.verb, input: { email, grant }, ...parts })
      return { id: formatId('inv', id) }
    }),
  resendInvite: workspaceProcedure.input(InviteId).mutation(({ ctx, input: { id } }) => {
    const parts = { sealer: ctx.sealer(), origin: mailOrigin(ctx) }
    return resendInvite({ ctx: ctx.verb, input: { id }, ...parts })
  }),
  revokeInvite: workspaceProcedure
    .input(InviteId)
    .mutation(({ ctx, input: { id } }) => revokeInvite({ ctx: ctx.verb, input: { id } })),
  grant: workspaceProcedure
    .input(z.object({ id: idOf('mem'), grant: GrantFields }))
    .mutation(async ({ ctx, input: { id, grant } }) => {
      const made = await grantRole({ ctx: ctx.verb, input: { memberId: id, grant } })
      return { id: formatId('grt', made.id) }
    }),
  revokeGrant: workspaceProcedure
    .input(z.object({ id: idOf('grt') }))
    .mutation(({ ctx, input: { id } }) => revokeGrant({ ctx: ctx.verb, input: { grantId: id } })),
  remove: workspaceProcedure
    .input(z.object({ id: idOf('mem') }))
    .mutation(({ ctx, input: { id } }) => removeMember({ ctx: ctx.verb, input: { id } })),
})
