import { z } from 'zod'
import { createAttemptLimit } from '../../auth/attempt-limit'
import { LimitExceededError } from '../../core/errors'
import { HOUR_MS } from '../../core/units'
import { BookingInput, requestBooking } from '../../services/bookings/request'
import { parseInput } from '../../services/context'
import { askForGuide, GuideInput } from '../../services/guides/ask'
import { getGuideLink, openGuide } from '../../services/guides/open'
import { type Context, mailOrigin, sendsMail } from '../context'
import { publicProcedure, router } from '../init'

const Text = z.string().max(4_000)
const Token = z.object({ token: z.string().max(200) })
const Booking = z.object({
  id: Text,
  email: Text,
  name: Text,
  organisation: Text,
  runs: Text,
  servers: Text,
  preferredTime: Text,
  message: Text,
})

const perAddress = createAttemptLimit({ failuresMax: 20, windowMs: HOUR_MS, keysMax: 10_000 })
const perRecipient = createAttemptLimit({ failuresMax: 5, windowMs: HOUR_MS, keysMax: 10_000 })

/** Whoever types an address of others must not fill their mailbox, nor one network our tables. */
function spend({ address }: Context, email: string): void {
  if (perAddress.isSpent(address) || perRecipient.isSpent(email))
    throw new LimitExceededError('Too many requests came from here. Wait an hour, then try again.')
  perAddress.fail(address)
  perRecipient.fail(email)
}

const mailOf = (ctx: Context) =>
  sendsMail(ctx) ? { sealer: ctx.sealer(), origin: mailOrigin(ctx), ownerEmail: ctx.env.OWNER_EMAIL } : null

/** What the public pages ask: a booking, the implementation guide. No account is needed, and none is told of. */
export const site = router({
  book: publicProcedure.input(Booking).mutation(async ({ ctx, input }) => {
    const asked = parseInput(BookingInput, input)
    spend(ctx, asked.email)
    await requestBooking({ db: ctx.db, input: asked, mail: mailOf(ctx) })
    return { isConfirmedByMail: sendsMail(ctx) }
  }),
  askForGuide: publicProcedure.input(z.object({ email: Text })).mutation(async ({ ctx, input }) => {
    const origin = mailOrigin(ctx)
    const asked = parseInput(GuideInput, input)
    spend(ctx, asked.email)
    await askForGuide({ db: ctx.db, sealer: ctx.sealer(), origin, input: asked })
  }),
  guideLink: publicProcedure.input(Token).query(({ ctx, input: { token } }) => getGuideLink({ db: ctx.db, token })),
  openGuide: publicProcedure.input(Token).mutation(({ ctx, input: { token } }) => openGuide({ db: ctx.db, token })),
})
