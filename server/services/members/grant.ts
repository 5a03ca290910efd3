import { z } from 'zod'
import { ConflictError, ForbiddenError, NotFoundError, ValidationError } from '../../core/errors'
import { newId } from '../../core/ids'
import { ROLES, type Role } from '../../core/permissions'
import type { Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

/** What may be granted: a role in the whole workspace or in one group, from now on or in a window. Times in epoch ms. */
export const GrantInput = z
  .object({
    role: z.enum(ROLES).exclude(['spectator']),
    groupId: z.uuid().nullable().default(null),
    fromMs: z.int().nonnegative().nullable().default(null),
    untilMs: z.int().nonnegative().nullable().default(null),
  })
  .refine(({ role, groupId }) => groupId === null || !OF_WORKSPACE.includes(role), {
    message: 'this role holds in the whole workspace only',
    path: ['groupId'],
  })
  .refine(({ fromMs, untilMs }) => untilMs === null || untilMs > (fromMs ?? 0), {
    message: 'it must end after it begins',
    path: ['untilMs'],
  })
export type GrantInput = z.output<typeof GrantInput>

const OF_WORKSPACE: readonly Role[] = ['owner', 'admin', 'billing']

const Input = z.object({ memberId: z.uuid(), grant: GrantInput })

/** Gives a member one more role. */
export async function grantRole({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<{ id: string }> {
  requirePermission(ctx, 'member.update')
  const { memberId, grant } = parseInput(Input, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const member = await tx.member.findFirst({ where: { workspaceId, id: memberId } })
    if (!member) throw new NotFoundError('member')
    await requireGrantable(tx, ctx, grant)
    const id = await insertGrant(tx, ctx, memberId, grant)
    await writeAudit(tx, ctx, { action: 'grant.create', subject: { kind: 'member', id: memberId }, after: grant })
    return { id }
  })
}

/** That the actor may give this role away, and that its group exists. */
export async function requireGrantable(tx: Tx, ctx: Ctx, { role, groupId, untilMs }: GrantInput): Promise<void> {
  requireRank(ctx, role)
  if (untilMs !== null && untilMs <= clockOf(ctx).now())
    throw new ValidationError('This end has passed already. Choose a later one.', 'untilMs')
  if (groupId === null) return
  const group = await tx.nodeGroup.findFirst({ where: { workspaceId: ctx.workspaceId, id: groupId, archivedAt: null } })
  if (!group) throw new NotFoundError('group')
}

/** Only an owner makes owners, or ends what makes one. @throws ForbiddenError */
export function requireRank({ actor }: Ctx, role: string): void {
  const isOwner = actor.kind === 'job' || (actor.kind === 'user' && actor.grants.some((one) => one.role === 'owner'))
  if (role === 'owner' && !isOwner)
    throw new ForbiddenError('Only an owner may make or unmake an owner. Ask the owner of the workspace.')
}

export async function insertGrant(tx: Tx, ctx: Ctx, memberId: string, grant: GrantInput): Promise<string> {
  const { role, groupId, fromMs, untilMs } = grant
  const id = newId()
  const now = new Date(clockOf(ctx).now())
  await tx.memberGrant.create({
    data: {
      workspaceId: ctx.workspaceId,
      id,
      memberId,
      role,
      groupId,
      validFrom: fromMs === null ? now : new Date(fromMs),
      validUntil: untilMs === null ? null : new Date(untilMs),
      createdAt: now,
    },
  })
  return id
}

const RevokeInput = z.object({ grantId: z.uuid() })

/** Takes a role away; open pages and sockets lose it within five seconds. A workspace keeps an owner. */
export async function revokeGrant({ ctx, input }: { ctx: Ctx; input: z.input<typeof RevokeInput> }): Promise<void> {
  requirePermission(ctx, 'member.update')
  const { grantId } = parseInput(RevokeInput, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const before = await tx.memberGrant.findFirst({ where: { workspaceId, id: grantId, revokedAt: null } })
    if (!before) throw new NotFoundError('grant')
    requireRank(ctx, before.role)
    await tx.memberGrant.updateMany({
      where: { workspaceId, id: grantId, revokedAt: null },
      data: { revokedAt: new Date(clockOf(ctx).now()) },
    })
    await requireAnOwner(tx, ctx)
    await writeAudit(tx, ctx, {
      action: 'grant.revoke',
      subject: { kind: 'member', id: before.memberId },
      before: { role: before.role, groupId: before.groupId },
    })
  })
}

/** Of two owners who unmake each other at once, the second is refused. */
export async function requireAnOwner(tx: Tx, ctx: Ctx): Promise<void> {
  const { workspaceId } = ctx
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('owners'), hashtext(${workspaceId}))`
  const now = new Date(clockOf(ctx).now())
  const owners = await tx.memberGrant.count({
    where: {
      workspaceId,
      role: 'owner',
      revokedAt: null,
      validFrom: { lte: now },
      validUntil: null,
    },
  })
  if (owners === 0) throw new ConflictError('A workspace needs an owner. Make somebody else an owner first.')
}
