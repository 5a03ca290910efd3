import type { Ctx } from '../services/context'
import { listMembers } from '../services/members/list'

/** Names of people for the ids that rows keep. */
export async function namesOf(ctx: Ctx): Promise<(userId: string) => string | null> {
  const names = new Map((await listMembers({ ctx })).map(({ userId, name }) => [userId, name]))
  return (userId) => names.get(userId) ?? null
}
