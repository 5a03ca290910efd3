import type { Sealer } from '../core/seal'
import type { AppDb } from '../db/pool'
import { createDestination } from '../services/destinations/create'
import { FIRST_EMAIL, firstOwner } from './first-run'

/**
 * With a mail server a newcomer's first alert is a mail: the first workspace's first destination is its owner. Where
 * there is a destination already, nothing is added. Answers what keeps it from being made, or null.
 */
export async function ensureMailDestination(db: AppDb, sealer: Sealer): Promise<string | null> {
  const { workspaceId, email } = await firstOwner(db)
  if ((await db.prisma.destination.count({ where: { workspaceId } })) > 0) return null
  if (email === FIRST_EMAIL)
    return `There is a mail server, but ${email} takes no mail: alerts go nowhere yet. Add a destination, or begin with --email.`
  await createDestination({
    ctx: { workspaceId, actor: { kind: 'job', name: 'bin/up' }, db },
    input: { channel: 'email', name: 'owner by mail', settings: { recipients: [email] } },
    sealer,
  })
  return null
}
