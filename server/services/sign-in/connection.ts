import { isIP } from 'node:net'
import { z } from 'zod'

/** Where the secret of a workspace's client is kept: see `Sealer`. */
export const connectionPlace = (workspaceId: string): string => `sso/${workspaceId}`

/** What somebody may get who comes through the issuer and has no account yet: nothing that gives roles or pays. */
export const NEWCOMER_ROLES = ['operator', 'analyst', 'official', 'team_manager', 'broadcaster'] as const
export type NewcomerRole = (typeof NEWCOMER_ROLES)[number]

/** Everybody has an address there: an issuer that vouches for them vouches for nobody in particular. */
const PUBLIC_MAIL = ['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'yahoo.com', 'icloud.com']

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => text.replace(/^@/, ''))
  .pipe(
    z
      .string()
      .max(253)
      .regex(
        /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
        'write a domain like league.example',
      )
      .refine((domain) => !PUBLIC_MAIL.includes(domain), 'anybody can have an address there; name domains of your own'),
  )

/** Address of an issuer: as OpenID Connect has it, without query and fragment. */
export const Issuer = z
  .url({ protocol: /^https?$/, error: 'write the whole address, https included' })
  .max(500)
  .superRefine((text, issues) => {
    const url = new URL(text)
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      issues.addIssue({ code: 'custom', message: 'leave out user names, queries and fragments' })
    else if (url.pathname.includes('/.well-known/'))
      issues.addIssue({ code: 'custom', message: 'leave out /.well-known and what follows' })
    else if (url.protocol === 'http:' && isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0)
      issues.addIssue({ code: 'custom', message: 'it must begin with https' })
  })

export const ConnectionInput = z.object({
  issuer: Issuer,
  clientId: z.string().trim().min(1, 'copy it from your issuer').max(300),
  /** Null keeps the one that stands; empty makes a public client, which has none. */
  clientSecret: z.string().max(500).nullable().default(null),
  domains: z
    .array(Domain)
    .min(1, 'name at least one domain')
    .max(20)
    .transform((domains) => [...new Set(domains)]),
  newcomerRole: z.enum(NEWCOMER_ROLES).nullable().default(null),
})
