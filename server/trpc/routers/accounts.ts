import { z } from 'zod'
import { requestSignInLink, signUp, type Visitor } from '../../auth/sign-up'
import { findIssuerOf } from '../../auth/sso/find'
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
  /** The workspace at this address, if it has a sign-in of its own; null when not, or when there is no such workspace. */
  issuer: publicProcedure
    .input(z.object({ workspace: z.string().max(64) }))
    .query(({ ctx, input: { workspace } }) => findIssuerOf({ db: ctx.db, slug: workspace })),
  /** What an invite's link leads to; null when there is no such invite. */
  invite: publicProcedure.input(z.object({ token: z.string().max(200) })).query(async ({ ctx, input: { token } }) => {
    const found = await getInvite({ db: ctx.db, token })
    if (!found) return null
    const { workspaceName, slug, email, role, groupName, hasAccount, isGood } = found
    return { workspaceName, slug, email, role, groupName, hasAccount, isGood }
  }),
})
