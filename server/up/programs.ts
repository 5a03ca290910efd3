import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, isFree } from '../db/free-port'
import { keepSecrets } from '../db/postgres-files'
import type { DatabaseUrls } from '../db/provision'
import { childEnv, type Env } from '../env'
import { localUrl } from './address'
import type { Places, UpOptions } from './options'
import { supervise } from './supervise'

const GATEWAY_FIRST_PORT = 4_700
const READY_MS_MAX = 90_000

type Parts = {
  options: UpOptions
  places: Places
  /** Address that others reach. */
  url: string
  /** Keys that seal what destinations are set up with, newest first. */
  settingsKeys: string[]
  urls: DatabaseUrls
  env: Env
  say: (line: string) => void
}

export type Programs = {
  /** Resolves when gateway and web answer. */
  ready: Promise<void>
  stop: () => Promise<void>
}

/** Gateway and web under supervision. Neither gets the owner's way to the database. */
export async function startPrograms(parts: Parts): Promise<Programs> {
  const { options, places, url, settingsKeys, urls, env, say } = parts
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { port, host } = options
  if (!(await isFree(port, host)))
    throw new Error(`Port ${port} on ${host} is taken by another program. End it, or name another port with --port.`)
  const gatewayPort = await freePort(GATEWAY_FIRST_PORT)
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const { sessions } = await keepSecrets(places.secrets, () => ({ sessions: randomBytes(32).toString('base64url') }))
  const shared = {
    ...urls,
    DATABASE_URL: undefined,
    NODE_ENV: 'production',
    NEXTAUTH_SECRET: env.NEXTAUTH_SECRET || sessions,
    EVIDENCE_DIR: places.evidence,
    AGENT_PACKAGE_DIR: env.AGENT_PACKAGE_DIR,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(gatewayPort),
    GATEWAY_URL: gatewayUrl,
    PUBLIC_URL: url,
    SETTINGS_KEY: settingsKeys.join(','),
    LOG_LEVEL: env.LOG_LEVEL,
  }
  const program = (name: string, script: string, settings: Record<string, string> = {}) =>
    supervise({ name, script, cwd: root, env: childEnv({ ...shared, ...settings }) }, say)
  const gateway = program('The gateway', 'dist/server/main.mjs')
  const web = program('The web', '.next/standalone/server.js', { HOSTNAME: host, PORT: String(port) })
  const stopped = new AbortController()
  return {
    ready: Promise.all([
      answers(`${gatewayUrl}/gateway/readyz`, stopped.signal),
      answers(`${localUrl(host, port)}/sign-in`, stopped.signal),
    ]).then(() => undefined),
    stop: async () => {
      stopped.abort()
      await Promise.all([gateway.stop(), web.stop()])
    },
  }
}

async function answers(url: string, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + READY_MS_MAX
  while (!signal.aborted) {
    const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
    if (reply?.ok) return
    if (performance.now() > untilMs)
      throw new Error(`${url} did not answer within ${READY_MS_MAX / 1_000} s. Its own words stand above.`)
    await wait(100)
  }
}
