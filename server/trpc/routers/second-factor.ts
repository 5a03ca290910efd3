import { z } from 'zod'
import {
  beginSecondFactor,
  confirmSecondFactor,
  disableSecondFactor,
  getSecondFactor,
  type MailedHolder,
  renewRecoveryCodes,
} from '../../auth/second-factor/change'
import { ForbiddenError } from '../../core/errors'
import { type Context, sendsMail } from '../context'
import { router, sessionProcedure } from '../init'

type Signed = Pick<Context, 'db' | 'env' | 'sealer' | 'address'> & { session: NonNullable<Context['session']> }

/** Whoever an issuer let in has no say over the account beyond its workspace. @throws ForbiddenError */
function holderOf({ db, env, sealer, address, session: { userId, email, boundTo } }: Signed): MailedHolder {
  if (boundTo !== null)
    throw new ForbiddenError(
      'Your organisation signed you in, and looks after the second step. To change your own, sign in with your password or a link by mail.',
    )
  const origin = sendsMail({ env }) ? env.PUBLIC_URL : null
  return { db, sealer, address, userId, email, origin }
}

const Typed = z.string().max(1_024)

/** The second factor of the person who asks. */
export const secondFactor = router({
  get: sessionProcedure.query(async ({ ctx }) => {
    const { userId, boundTo } = ctx.session
    return { ...(await getSecondFactor({ db: ctx.db, userId })), isOfIssuer: boundTo !== null }
  }),
  begin: sessionProcedure
    .input(z.object({ password: Typed }))
    .mutation(({ ctx, input }) => beginSecondFactor(holderOf(ctx), input.password)),
  confirm: sessionProcedure
    .input(z.object({ code: Typed }))
    .mutation(async ({ ctx, input }) => ({ codes: await confirmSecondFactor(holderOf(ctx), input.code) })),
  newCodes: sessionProcedure
    .input(z.object({ proof: Typed }))
    .mutation(async ({ ctx, input }) => ({ codes: await renewRecoveryCodes(holderOf(ctx), input.proof) })),
  disable: sessionProcedure
    .input(z.object({ proof: Typed }))
    .mutation(({ ctx, input }) => disableSecondFactor(holderOf(ctx), input.proof)),
})
