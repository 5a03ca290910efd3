import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { NotFoundError } from '../../core/errors'
import { type Grant, isRole, type Role } from '../../core/permissions'
import { findMemberships } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'

const Input = z.object({ userId: z.uuid(), slug: z.string().min(1).max(64) })

export type Membership = { workspaceId: string; slug: string; name: string; memberId: string; grants: Grant[] }

/** Workspaces in which a person has a grant that holds now, by name. */
export async function listMemberships({
  db,
  clock = systemClock,
  userId,
}: {
  db: AppDb
  clock?: Clock
  userId: string
}): Promise<Membership[]> {
  const rows = await findMemberships(db, userId, clock.now())
  return rows.map((row) => ({
    ...row,
    grants: row.grants.filter((grant): grant is Grant & { role: Role } => isRole(grant.role)),
  }))
}

/** A person's membership of the workspace with this slug. A workspace of others does not exist for them. */
export async function getMembership({
  db,
  clock = systemClock,
  input,
}: {
  db: AppDb
  clock?: Clock
  input: z.input<typeof Input>
}): Promise<Membership> {
  const { userId, slug } = parseInput(Input, input)
  const found = (await listMemberships({ db, clock, userId })).find((membership) => membership.slug === slug)
  if (!found) throw new NotFoundError('workspace')
  return found
}
