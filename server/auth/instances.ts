import pino, { type Logger } from 'pino'
import { createSealer, type Sealer } from '../core/seal'
import { type AppDb, openAppDb } from '../db/pool'
import { type Env, readEnv, requireEnv } from '../env'
import { createIssuerFetch, type IssuerFetch } from './sso/issuer-fetch'

/** What web's requests share. Web never opens the engine's or the owner's way to the database. */
export type Web = {
  env: Env
  db: AppDb
  secret: string
  log: Logger
  /** Made when something is sealed for the first time: most requests seal nothing. */
  sealer: () => Sealer
  /** Reaches workspaces' own issuers, and nothing that the guard refuses. */
  issuerFetch: () => IssuerFetch
}

// Development reloads modules; connections must not pile up with them.
const kept = globalThis as typeof globalThis & { keptWeb?: Web }

/** Made when the first request needs it, so that a build needs neither database nor secret. */
export function web(): Web {
  kept.keptWeb ??= build()
  return kept.keptWeb
}

function build(): Web {
  const env = readEnv()
  const log = pino({ level: env.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }))
  const db = openAppDb(requireEnv(env, 'DATABASE_APP_URL'), {
    onError: (err) => log.warn({ err }, 'database connection lost'),
  })
  let sealer: Sealer | undefined
  const sealerOnce = (): Sealer => {
    sealer ??= createSealer(requireEnv(env, 'SETTINGS_KEY'))
    return sealer
  }
  let issuerFetch: IssuerFetch | undefined
  const issuerFetchOnce = (): IssuerFetch => {
    issuerFetch ??= createIssuerFetch(env.OIDC_ALLOW_CIDRS)
    return issuerFetch
  }
  const secret = requireEnv(env, 'NEXTAUTH_SECRET')
  return { env, db, secret, log, sealer: sealerOnce, issuerFetch: issuerFetchOnce }
}
