import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { ConflictError } from '../../core/errors'
import { newId } from '../../core/ids'
import { acceptInviteRow, type Entrance, type FoundInvite, findInvite, throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { PersonName } from '../accounts/fields'
import { hashOf } from '../accounts/token'
import { parseInput } from '../context'

type Given = { db: AppDb; clock?: Clock; token: string }

/** What somebody with this link is invited to; null when there is no such invite. */
export const getInvite = ({ db, clock = systemClock, token }: Given): Promise<FoundInvite | null> =>
  findInvite(db, hashOf(token), clock.now())

const Input = z.object({ name: PersonName, passwordHash: z.string().min(1) }).nullable()

/**
 * Accepts an invite: who holds its link proved the address. `input`: name and password of a new account; null where the address
 * has one. @throws ConflictError when it is good no more
 */
export async function acceptInvite({
  db,
  clock = systemClock,
  token,
  input,
}: Given & { input: z.input<typeof Input> }): Promise<Entrance> {
  const account = parseInput(Input, input)
  const ids = { userId: newId(), memberId: newId(), grantId: newId(), auditId: newId() }
  const accepted = await throughDoors(db, (client) =>
    acceptInviteRow(client, {
      tokenHash: hashOf(token),
      nowMs: clock.now(),
      ids,
      name: account?.name ?? '',
      passwordHash: account?.passwordHash ?? null,
    }),
  )
  if (accepted) return accepted
  throw new ConflictError('This invite was used, revoked, or its week is over. Ask for a new one.')
}
