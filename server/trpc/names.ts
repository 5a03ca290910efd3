import { type Ctx, readOnce } from '../services/context'
import { listMemberNames } from '../services/members/list'

/** Names of people for the ids that rows keep. */
export async function namesOf(ctx: Ctx): Promise<(userId: string) => string | null> {
  const names = await readOnce(ctx, 'names of members', () => listMemberNames({ ctx }))
  return (userId) => names.get(userId) ?? null
}
