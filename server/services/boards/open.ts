import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { NotFoundError, SecondFactorNeededError } from '../../core/errors'
import { reachOf } from '../../core/permissions'
import { openBoardLink } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { hashOf } from '../accounts/token'
import type { Ctx } from '../context'
import { getMembership } from '../members/get-for-user'

/** Somebody who watches the board of a group, by a link or by an account. */
export type BoardSeat = { ctx: Ctx; groupId: string }

const Token = z.string().regex(/^[A-Za-z0-9_-]{32}$/)

/** Whom a link lets watch what; null when it never was one, has ended, or was revoked. */
export async function openBoardByLink({
  db,
  clock = systemClock,
  token,
}: {
  db: AppDb
  clock?: Clock
  token: string
}): Promise<BoardSeat | null> {
  if (!Token.safeParse(token).success) return null
  const link = await openBoardLink(db, hashOf(token), clock.now())
  if (link === null) return null
  const { workspaceId, groupId, linkId, showsRates } = link
  return { groupId, ctx: { workspaceId, db, clock, actor: { kind: 'spectator', linkId, groupId, showsRates } } }
}

/** The same for a member of the workspace; null when it does not exist for them or their role shows no board. */
export async function openBoardForUser({
  db,
  clock = systemClock,
  userId,
  boundTo,
  slug,
  groupId,
}: {
  db: AppDb
  clock?: Clock
  userId: string
  boundTo: string | null
  slug: string
  groupId: string
}): Promise<BoardSeat | null> {
  const membership = await getMembership({ db, clock, input: { userId, boundTo, slug } }).catch((error: unknown) => {
    if (error instanceof NotFoundError || error instanceof SecondFactorNeededError) return null
    throw error
  })
  if (membership === null || reachOf(membership.grants, 'board.read') === null) return null
  const { workspaceId, grants } = membership
  return { groupId, ctx: { workspaceId, db, clock, actor: { kind: 'user', userId, grants } } }
}
