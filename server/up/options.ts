import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const Options = z.object({
  data: z.string().min(1),
  port: z.coerce.number('--port takes a number').int().min(1).max(65_535).default(3_000),
  host: z.string().min(1).default('0.0.0.0'),
  url: z
    .url({ protocol: /^https?$/, error: '--url takes an address that begins with http:// or https://' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  email: z
    .email({ error: '--email takes a mail address' })
    .transform((email) => email.toLowerCase())
    .optional(),
  enrol: z.string().optional(),
  'new-password': z.boolean().default(false),
  json: z.boolean().default(false),
})
export type UpOptions = z.infer<typeof Options>

/** Options of `bin/up`, which has made the data folder. Throws one sentence for what is not valid. */
export function readOptions(args: string[]): UpOptions {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      url: { type: 'string' },
      email: { type: 'string' },
      enrol: { type: 'string' },
      'new-password': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  })
  const parsed = Options.safeParse(values)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`--${issue?.path.join('.')}: ${issue?.message}. See bin/up --help.`)
}

/** Everything that must be kept, in one folder. */
export const placesOf = (data: string) => ({
  postgres: join(data, 'postgres'),
  secrets: join(data, 'secrets.json'),
  evidence: join(data, 'evidence'),
  /** What runs, for whoever asks: address and process. */
  state: join(data, 'up.json'),
  /** First sign-in that nobody has been shown yet. */
  unshown: join(data, 'first-sign-in.json'),
})
export type Places = ReturnType<typeof placesOf>
