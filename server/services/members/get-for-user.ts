import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { isRole, type Role } from '../../core/permissions'
import { findMemberships } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'

const Input = z.object({ userId: z.uuid(), slug: z.string().min(1).max(64) })

export type Membership = { workspaceId: string; slug: string; name: string; memberId: string; role: Role }

/** Workspaces a person belongs to, by name. */
export async function listMemberships({ db, userId }: { db: AppDb; userId: string }): Promise<Membership[]> {
  const rows = await findMemberships(db, userId)
  return rows.flatMap((row) => (isRole(row.role) ? [{ ...row, role: row.role }] : []))
}

/** A person's membership of the workspace with this slug. A workspace of others does not exist for them. */
export async function getMembership({ db, input }: { db: AppDb; input: z.input<typeof Input> }): Promise<Membership> {
  const { userId, slug } = parseInput(Input, input)
  const found = (await listMemberships({ db, userId })).find((membership) => membership.slug === slug)
  if (!found) throw new NotFoundError('workspace')
  return found
}
