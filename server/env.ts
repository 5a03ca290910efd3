import { resolve } from 'node:path'
import { z } from 'zod'

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )

const Env = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** Owner of the tables: migrations and seeds only. */
  DATABASE_URL: z.string().default(''),
  /** Row-level security applies: web, and the verbs of the gateway. */
  DATABASE_APP_URL: z.string().default(''),
  /** Sender, sweeps and sample ingest. */
  DATABASE_ENGINE_URL: z.string().default(''),
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: port(4700),
  /** Where web forwards /gateway. */
  GATEWAY_URL: z.url().default('http://127.0.0.1:4700'),
  PORT: port(3000),
  /** Where browsers and agents reach the platform: mails link there. Empty: mails name the incident without a link. */
  PUBLIC_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .transform((url) => url.replace(/\/+$/, '')),
  NEXTAUTH_SECRET: z.string().default(''),
  /** Seals what destinations are set up with. Several, newest first and with commas between, while one is replaced. */
  SETTINGS_KEY: list,
  /** Server that takes mail: smtps://user:password@host:465, or smtp://… for STARTTLS (see server/notify/smtp-url.ts). */
  SMTP_URL: z.string().default(''),
  /** Sender of mail: `Name <address>` or an address. */
  MAIL_FROM: z.string().default(''),
  /** Who is told of booking requests; empty: they are kept as rows alone. */
  OWNER_EMAIL: z.union([z.literal(''), z.email()]).default(''),
  /** Range service asked whether a new password was leaked; empty: the built-in list alone. */
  PASSWORD_RANGE_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('https://api.pwnedpasswords.com/range/'),
  EVIDENCE_DIR: z
    .string()
    .default('.data/evidence')
    .transform((path) => resolve(path)),
  /** Holds `country.mmdb` and `asn.mmdb`, newer than those that come with the platform; empty: those. */
  IP_TABLES_DIR: z.string().default(''),
  /** The agent's installer and archives, made by the build. */
  AGENT_PACKAGE_DIR: z
    .string()
    .default('dist/agent')
    .transform((path) => resolve(path)),
  /** Networks that webhooks and calendars may reach although the guard would refuse them. */
  WEBHOOK_ALLOW_CIDRS: list,
  /** Networks that workspaces' own issuers of sign-ins may lie in although the guard would refuse them. */
  OIDC_ALLOW_CIDRS: list,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})
export type Env = z.infer<typeof Env>

/** Settings of this process. Throws one sentence for each that is not valid. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const parsed = Env.safeParse(source)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not valid. ${lines.join('; ')}`)
}

/** A setting without which the caller cannot work. */
export function requireEnv<
  Name extends 'DATABASE_URL' | 'DATABASE_APP_URL' | 'DATABASE_ENGINE_URL' | 'NEXTAUTH_SECRET' | 'SETTINGS_KEY',
>(env: Env, name: Name): Env[Name] {
  if (env[name].length > 0) return env[name]
  throw new Error(
    name === 'NEXTAUTH_SECRET'
      ? 'NEXTAUTH_SECRET is not set. Set it to at least 32 random characters.'
      : `${name} is not set. 'npm run db -- up' starts a database and prints it.`,
  )
}

/** Environment of a process that we start: ours, with these settings in place of its own; undefined takes one away. */
export function childEnv(settings: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...settings }
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name]
  return env
}
