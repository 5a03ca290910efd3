import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { UnauthenticatedError } from '../../core/errors'
import { newId } from '../../core/ids'
import { type EnrolledNode, enrolByToken, type FoundToken, findEnrolmentToken } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'
import { hashToken } from './create-enrolment-token'

const Input = z.object({
  token: z.string().min(1).max(200),
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  hostname: z.string().min(1).max(255),
  agentVersion: z.string().max(32),
})

/** The token is good no more, or never was: then `token` is null. */
export class EnrolmentRefused extends UnauthenticatedError {
  constructor(
    why: string,
    readonly token: { workspaceId: string; id: string } | null,
  ) {
    super(`This enrolment token ${why}. Make a new one in the console.`)
  }
}

/**
 * Trades a one-time token for a credential. The token says which workspace, so there is no context yet. Of two uses at
 * once one wins. Enrolling a known name again replaces its key. The caller has proved possession of the key.
 */
export async function enrolNode({
  db,
  clock = systemClock,
  input,
}: {
  db: AppDb
  clock?: Clock
  input: z.input<typeof Input>
}): Promise<EnrolledNode> {
  const { token, publicKey, hostname, agentVersion } = parseInput(Input, input)
  // Looked up by its hash: how long that takes says nothing about a token, since nobody can steer a hash towards another.
  const tokenHash = hashToken(token)
  const enrolled = await enrolByToken(db, {
    tokenHash,
    publicKey,
    hostname,
    agentVersion,
    nowMs: clock.now(),
    nodeId: newId(),
    credentialId: newId(),
    auditId: newId(),
  })
  if (enrolled) return enrolled
  throw refusalOf(await findEnrolmentToken(db, tokenHash))
}

function refusalOf(found: FoundToken | null): EnrolmentRefused {
  if (found === null) return new EnrolmentRefused('is unknown', null)
  const { workspaceId, id, usedAt, revokedAt, expiresAt } = found
  const token = { workspaceId, id }
  if (usedAt !== null) return new EnrolmentRefused(`was used at ${usedAt.toISOString()}`, token)
  if (revokedAt !== null) return new EnrolmentRefused(`was revoked at ${revokedAt.toISOString()}`, token)
  return new EnrolmentRefused(`was good until ${expiresAt.toISOString()}`, token)
}
