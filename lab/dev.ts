import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seedTournament } from '../prisma/tournament'
import { systemClock } from '../server/core/clock'
import { startEmbedded, stopEmbedded } from '../server/db/embedded'
import { freePort } from '../server/db/free-port'
import { openAppDb } from '../server/db/pool'
import { migrate, provisionServer, urlsOf } from '../server/db/provision'
import { keptSettingsKey } from '../server/db/settings-key'
import { childEnv } from '../server/env'
import { until } from './clock'
import { simulateNode } from './simulated-node'

/** `npm run dev`: database, gateway and web that restart on every change, and servers that only pretend. */

const ROOT = join(import.meta.dirname, '..')
const DATA = join(ROOT, '.data/dev/postgres')
const PASSWORD = 'development'
const READY_MS = 120_000

const { values } = parseArgs({ options: { port: { type: 'string' }, quiet: { type: 'boolean', default: false } } })
const binary = (name: string, path: string): string =>
  join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..', path)

const children: ChildProcess[] = []

/** A process group of its own: watchers start helpers, which must end with them. */
function run(args: string[], env: NodeJS.ProcessEnv): void {
  const stdio = values.quiet ? 'ignore' : 'inherit'
  children.push(spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', stdio, stdio], detached: true }))
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((done) => child.once('exit', done))
  process.kill(-(child.pid as number), 'SIGTERM')
  await exit
}

const answers = (url: string) =>
  until(url, async () => ((await fetch(url).catch(() => null))?.ok ? true : null), { timeoutMs: READY_MS })

async function main(): Promise<void> {
  const server = await startEmbedded({ data: DATA })
  const urls = urlsOf(await provisionServer(server.adminUrl, server.passwords), server.passwords)
  await migrate(urls.DATABASE_URL, systemClock.now())
  const db = openAppDb(urls.DATABASE_URL, { connectionsMax: 2 })
  const seeded = await seedTournament(db, { password: PASSWORD })
  await db.close()

  const port = values.port ?? String(await freePort(3_000))
  const gatewayPort = await freePort(4_700)
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const env = childEnv({
    ...urls,
    NODE_ENV: 'development',
    SETTINGS_KEY: await keptSettingsKey(DATA),
    NEXTAUTH_SECRET: 'for development on this machine only, no secret',
    GATEWAY_PORT: String(gatewayPort),
    GATEWAY_URL: gatewayUrl,
    EVIDENCE_DIR: join(ROOT, '.data/dev/evidence'),
    AGENT_PACKAGE_DIR: join(ROOT, 'dist/agent'),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    NEXT_TELEMETRY_DISABLED: '1',
  })
  run([binary('tsx', 'dist/cli.mjs'), 'watch', '--clear-screen=false', 'server/main.ts'], env)
  run([binary('next', 'dist/bin/next'), 'dev', '--port', port, '--hostname', '127.0.0.1'], env)
  const url = `http://127.0.0.1:${port}`
  await Promise.all([answers(`${gatewayUrl}/gateway/readyz`), answers(`${url}/sign-in`)])
  for (const [index, { nodeName, token }] of seeded.enrolmentTokens.entries())
    await simulateNode(gatewayUrl, token, nodeName, index === 0)
  console.log(
    `\nOpen      ${url}\nSign in   ${seeded.owner.email}   ${PASSWORD}\nStatus    ${url}${seeded.statusPageUrlPath}\n` +
      `Simulated ${seeded.enrolmentTokens.map(({ nodeName }) => nodeName).join(', ')}; a flood at the first every two minutes\n`,
  )
}

let isStopping = false
async function stop(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  await Promise.all(children.map(ended))
  await stopEmbedded(DATA)
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  void stop(1)
})
