import { z } from 'zod'
import { callbackOf } from '../../auth/sso/enter'
import { testIssuer } from '../../auth/sso/test-issuer'
import { NEWCOMER_ROLES } from '../../services/sign-in/connection'
import { getSignInSettings, type SignInSettings } from '../../services/sign-in/get'
import { requireSecondFactor } from '../../services/sign-in/require-second-factor'
import { removeConnection, saveConnection } from '../../services/sign-in/save-connection'
import { router, workspaceProcedure } from '../init'

export type SignInView = ReturnType<typeof toView>

const toView = ({ secondFactorRequired, without, connection }: SignInSettings, origin: string) => ({
  secondFactorRequired,
  without,
  /** What the issuer must be told to send people back to. */
  callbackUrl: callbackOf(origin),
  connection: connection && {
    issuer: connection.issuer,
    clientId: connection.clientId,
    hasSecret: connection.hasSecret,
    domains: connection.domains,
    newcomerRole: connection.newcomerRole,
    updatedMs: connection.updatedAt.getTime(),
    linked: connection.linked,
  },
})

const Text = z.string().max(500)

/** How members of a workspace sign in. */
export const signIn = router({
  get: workspaceProcedure.query(async ({ ctx }) => toView(await getSignInSettings({ ctx: ctx.verb }), ctx.origin)),
  requireSecondFactor: workspaceProcedure
    .input(z.object({ isRequired: z.boolean() }))
    .mutation(({ ctx, input: { isRequired } }) => requireSecondFactor({ ctx: ctx.verb, input: { isRequired } })),
  testIssuer: workspaceProcedure
    .input(z.object({ issuer: Text }))
    .mutation(({ ctx, input: { issuer } }) =>
      testIssuer({ ctx: ctx.verb, input: { issuer }, fetch: ctx.issuerFetch() }),
    ),
  saveIssuer: workspaceProcedure
    .input(
      z.object({
        issuer: Text,
        clientId: Text,
        clientSecret: Text.nullable().default(null),
        domains: z.array(Text).max(20),
        newcomerRole: z.enum(NEWCOMER_ROLES).nullable().default(null),
      }),
    )
    .mutation(({ ctx, input: { workspace: _, ...input } }) =>
      saveConnection({ ctx: ctx.verb, input, sealer: ctx.sealer() }),
    ),
  removeIssuer: workspaceProcedure.mutation(({ ctx }) => removeConnection({ ctx: ctx.verb })),
})
