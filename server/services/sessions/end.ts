import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { NotFoundError } from '../../core/errors'
import { endSessions } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'

const Input = z.object({
  handle: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .nullable(),
})

/** Ends one of a person's own sessions, or with null all others than the one that asks; sockets of it end within five seconds. */
export async function endOwnSession({
  db,
  clock = systemClock,
  userId,
  boundTo,
  sessionId,
  input,
}: {
  db: AppDb
  clock?: Clock
  userId: string
  boundTo: string | null
  sessionId: string
  input: z.input<typeof Input>
}): Promise<{ ended: number }> {
  const { handle } = parseInput(Input, input)
  const ended = await endSessions(db, { userId, boundTo, handle, keepId: sessionId, nowMs: clock.now() })
  if (handle !== null && ended === 0) throw new NotFoundError('session')
  return { ended }
}
