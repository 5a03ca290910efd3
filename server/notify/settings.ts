import { z } from 'zod'

const RECIPIENTS_MAX = 50

export const WebhookSettings = z
  .object({
    url: z.url({ protocol: /^https?$/ }).max(2_000),
    /** `whsec_` + base64, 24 to 64 random bytes. */
    secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/),
    /** Still accepted by receivers while a secret is being replaced. */
    previousSecret: z.string().startsWith('whsec_').nullish(),
  })
  .superRefine(({ url }, issues) => {
    for (const message of urlProblems(new URL(url))) issues.addIssue({ code: 'custom', path: ['url'], message })
  })
export type WebhookSettings = z.infer<typeof WebhookSettings>

/** Why a URL that parses is still not one to send to. */
export function urlProblems(url: URL): string[] {
  const problems: string[] = []
  if (url.username !== '' || url.password !== '') problems.push('The URL carries a user name or password; remove it.')
  if (url.hash !== '') problems.push('The URL carries a fragment, which is never sent; remove it.')
  return problems
}

export const EmailSettings = z.object({
  recipients: z
    .array(z.string().trim().toLowerCase().pipe(z.email().max(254)))
    .min(1)
    .max(RECIPIENTS_MAX)
    .transform((addresses) => [...new Set(addresses)]),
})
export type EmailSettings = z.infer<typeof EmailSettings>

/** What a destination of each channel is set up with. */
export const SETTINGS = { webhook: WebhookSettings, email: EmailSettings } as const
export type ChannelId = keyof typeof SETTINGS
export const CHANNEL_IDS = Object.keys(SETTINGS) as [ChannelId, ...ChannelId[]]
