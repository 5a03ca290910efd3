import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { UnauthenticatedError } from '../../core/errors'
import { newId } from '../../core/ids'
import { type EnrolledNode, enrolByToken } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'
import { hashToken } from './create-enrolment-token'

const Input = z.object({
  token: z.string().min(1).max(200),
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  hostname: z.string().min(1).max(255),
  agentVersion: z.string().max(32),
})

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
  const enrolled = await enrolByToken(db, {
    tokenHash: hashToken(token),
    publicKey,
    hostname,
    agentVersion,
    nowMs: clock.now(),
    nodeId: newId(),
    credentialId: newId(),
    auditId: newId(),
  })
  if (enrolled) return enrolled
  throw new UnauthenticatedError(
    'This enrolment token is unknown, used or older than an hour. Make a new one in the console.',
  )
}
