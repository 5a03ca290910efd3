import { z } from 'zod'
import { NotFoundError, ValidationError } from '../../core/errors'
import { newId } from '../../core/ids'
import { DAY_MS } from '../../core/units'
import type { Tx } from '../../db/pool'
import { hashOf, newToken } from '../accounts/token'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { GroupName } from '../groups/group'
import { writeAudit } from '../write-audit'

const LIFE_DAYS_MAX = 400

const CreateInput = z.object({
  groupId: z.uuid(),
  name: GroupName,
  showsRates: z.boolean().default(false),
  expiresMs: z.int().nonnegative(),
})

/** A link to the board of a group for somebody without an account. The token is given out here and never again. */
export async function createBoardLink({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof CreateInput>
}): Promise<{ id: string; token: string }> {
  requirePermission(ctx, 'board.share')
  const { groupId, name, showsRates, expiresMs } = parseInput(CreateInput, input)
  const { workspaceId } = ctx
  const nowMs = clockOf(ctx).now()
  if (expiresMs <= nowMs) throw new ValidationError('This end has passed already. Choose a later one.', 'expiresMs')
  if (expiresMs > nowMs + LIFE_DAYS_MAX * DAY_MS)
    throw new ValidationError(`A link lasts at most ${LIFE_DAYS_MAX} days. Choose an earlier end.`, 'expiresMs')
  const [id, token] = [newId(), newToken()]
  await inTenant(ctx, async (tx) => {
    await requireGroup(tx, workspaceId, groupId)
    const times = { createdAt: new Date(nowMs), expiresAt: new Date(expiresMs) }
    const row = {
      workspaceId,
      id,
      groupId,
      name,
      showsRates,
      ...times,
      createdBy: actorId(ctx),
      tokenHash: hashOf(token),
    }
    // Nothing is given back: this role may not read what the token is hashed to.
    await tx.boardLink.createMany({ data: row })
    await writeAudit(tx, ctx, {
      action: 'board_link.create',
      subject: { kind: 'board_link', id },
      after: { groupId, name, showsRates, expiresMs },
    })
  })
  return { id, token }
}

async function requireGroup(tx: Tx, workspaceId: string, id: string): Promise<void> {
  const group = await tx.nodeGroup.findFirst({ where: { workspaceId, id, archivedAt: null }, select: { id: true } })
  if (!group) throw new NotFoundError('group')
}

const RevokeInput = z.object({ id: z.uuid() })

/** The link is good no more; what is open by it is cut within five seconds. */
export async function revokeBoardLink({ ctx, input }: { ctx: Ctx; input: z.input<typeof RevokeInput> }): Promise<void> {
  requirePermission(ctx, 'board.share')
  const { id } = parseInput(RevokeInput, input)
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.boardLink.updateMany({
      where: { workspaceId: ctx.workspaceId, id, revokedAt: null },
      data: { revokedAt: new Date(clockOf(ctx).now()) },
    })
    if (count === 0) throw new NotFoundError('board link')
    await writeAudit(tx, ctx, { action: 'board_link.revoke', subject: { kind: 'board_link', id } })
  })
}

export type BoardLink = {
  id: string
  name: string
  showsRates: boolean
  createdAt: Date
  expiresAt: Date
  lastOpenedAt: Date | null
}

const ListInput = z.object({ groupId: z.uuid() })

/** Links to the board of a group that are still good, the one that ends first on top. */
export async function listBoardLinks({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof ListInput>
}): Promise<BoardLink[]> {
  requirePermission(ctx, 'board.share')
  const { groupId } = parseInput(ListInput, input)
  const now = new Date(clockOf(ctx).now())
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    await requireGroup(tx, workspaceId, groupId)
    return tx.boardLink.findMany({
      where: { workspaceId, groupId, revokedAt: null, expiresAt: { gt: now } },
      orderBy: { expiresAt: 'asc' },
      select: { id: true, name: true, showsRates: true, createdAt: true, expiresAt: true, lastOpenedAt: true },
    })
  })
}
