import { z } from 'zod'
import { requestSignInLink, signUp, type Visitor } from '../../auth/sign-up'
import { getInvite } from '../../services/invites/accept'
import { type Context, mailOrigin } from '../context'
import { publicProcedure, router } from '../init'

const visitorOf = (ctx: Context): Visitor => ({
  db: ctx.db,
  sealer: ctx.sealer,
  origin: mailOrigin(ctx),
  address: ctx.address,
  rangeUrl: ctx.env.PASSWORD_RANGE_URL,
})

const Text = z.string().max(2_000)

/** What nobody needs an account for: getting one, and getting in. */
export const accounts = router({
  signUp: publicProcedure
    .input(z.object({ email: Text, name: Text, workspaceName: Text, password: Text }))
    .mutation(({ ctx, input }) => signUp(visitorOf(ctx), input)),
  requestLink: publicProcedure
    .input(z.object({ email: Text }))
    .mutation(({ ctx, input }) => requestSignInLink(visitorOf(ctx), input)),
  /** What an invite's link leads to; null when there is no such invite. */
  invite: publicProcedure.input(z.object({ token: z.string().max(200) })).query(async ({ ctx, input: { token } }) => {
    const found = await getInvite({ db: ctx.db, token })
    if (!found) return null
    const { workspaceName, slug, email, role, groupName, hasAccount, isGood } = found
    return { workspaceName, slug, email, role, groupName, hasAccount, isGood }
  }),
})
