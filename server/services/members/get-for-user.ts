import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { NotFoundError, SecondFactorNeededError } from '../../core/errors'
import { type Grant, isRole, type Role } from '../../core/permissions'
import { findMemberships } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'

/** `boundTo`: the one workspace that the person's session is good in; null: all that they belong to. */
const Input = z.object({ userId: z.uuid(), boundTo: z.uuid().nullable(), slug: z.string().min(1).max(64) })

export type Membership = {
  workspaceId: string
  slug: string
  name: string
  memberId: string
  grants: Grant[]
  /** Nothing opens here before a second factor is set up. An issuer of the workspace's own answers for its people. */
  lacksSecondFactor: boolean
}

/** Workspaces in which a person has a grant that holds now, by name, as far as the session goes. */
export async function listMemberships({
  db,
  clock = systemClock,
  userId,
  boundTo,
}: {
  db: AppDb
  clock?: Clock
  userId: string
  boundTo: string | null
}): Promise<Membership[]> {
  const rows = await findMemberships(db, userId, clock.now())
  const reached = boundTo === null ? rows : rows.filter(({ workspaceId }) => workspaceId === boundTo)
  return reached.map((row) => ({
    ...row,
    lacksSecondFactor: row.lacksSecondFactor && boundTo === null,
    grants: row.grants.filter((grant): grant is Grant & { role: Role } => isRole(grant.role)),
  }))
}

/**
 * A person's membership of the workspace with this slug. A workspace of others does not exist for them.
 * @throws SecondFactorNeededError while the workspace asks for a second factor that they lack
 */
export async function getMembership({
  db,
  clock = systemClock,
  input,
}: {
  db: AppDb
  clock?: Clock
  input: z.input<typeof Input>
}): Promise<Membership> {
  const { userId, boundTo, slug } = parseInput(Input, input)
  const found = (await listMemberships({ db, clock, userId, boundTo })).find((membership) => membership.slug === slug)
  if (!found) throw new NotFoundError('workspace')
  if (found.lacksSecondFactor) throw new SecondFactorNeededError(found.name)
  return found
}
