import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { childEnv } from '../server/env'
import { until } from './clock'
import { inNamespace, runInside } from './network'
import { SINK_PORT } from './witness-port'

/** The platform as a customer runs it, inside its own namespace: database, seed, gateway, web. */

const Databases = z.object({
  DATABASE_URL: z.string(),
  DATABASE_APP_URL: z.string(),
  DATABASE_ENGINE_URL: z.string(),
  SETTINGS_KEY: z.string(),
})
const Seed = z.object({
  workspaceId: z.string(),
  workspaceSlug: z.string(),
  owner: z.object({ email: z.string(), password: z.string() }),
  statusPageUrlPath: z.string(),
  webhook: z.object({ destinationId: z.string(), secret: z.string() }),
  enrolmentTokens: z.array(z.object({ nodeName: z.string(), token: z.string() })),
})
export type Seed = z.infer<typeof Seed>

/** In life attacker, players, platform and observers have machines of their own: here they do not queue behind the flooded server. */
export const AHEAD: readonly string[] = ['nice', '-n', '-10']

const DATABASE_PORT = 5510
const GATEWAY_PORT = 4740
const WEB_PORT = 3010

export type Folders = { root: string; data: string; evidence: string; logs: string }

export type Platform = {
  seed: Seed
  databaseUrl: string
  statusPageUrl: string
  /** Moments at which an incident's transaction was committed, by incident uuid, from the gateway's log. */
  stored: Map<string, number>
  stopGateway: () => Promise<void>
  startGateway: () => Promise<void>
  close: () => Promise<void>
}

export const gatewayUrl = (address: string): string => `http://${address}:${GATEWAY_PORT}`

type Environment = Record<string, string>

const COMMITTED = z.object({ msg: z.literal('incident stored'), incidentId: z.string(), committedUs: z.number() })

export async function startPlatform(runId: string, folders: Folders): Promise<Platform> {
  rmSync(folders.data, { recursive: true, force: true })
  mkdirSync(folders.evidence, { recursive: true })
  const node = (args: string[], env: Environment = {}) =>
    runInside(runId, 'platform', AHEAD[0]!, [...AHEAD.slice(1), process.execPath, '--import', 'tsx', ...args], {
      cwd: folders.root,
      env,
      timeout: 120_000,
    })
  const at = ['--data', folders.data, '--port', String(DATABASE_PORT), '--temporary', '--json']
  const databases = Databases.parse(lastJson(await node(['server/db/main.ts', 'up', ...at])))
  const env: Environment = {
    ...databases,
    NODE_ENV: 'production',
    NEXTAUTH_SECRET: 'the lab lives for minutes and holds nobody’s secrets',
    EVIDENCE_DIR: folders.evidence,
    AGENT_PACKAGE_DIR: join(folders.root, 'dist/agent'),
    WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
    GATEWAY_HOST: '0.0.0.0',
    GATEWAY_PORT: String(GATEWAY_PORT),
    GATEWAY_URL: `http://127.0.0.1:${GATEWAY_PORT}`,
    LOG_LEVEL: 'info',
  }
  const seedArgs = ['prisma/seed.ts', 'tournament', '--json', '--webhook', `http://127.0.0.1:${SINK_PORT}/alerts`]
  const seed = Seed.parse(lastJson(await node(seedArgs, env)))
  const stored = new Map<string, number>()
  let gateway = startGateway(runId, folders, env, stored)
  const web = startWeb(runId, folders, env)
  await Promise.all([
    ready(runId, `http://127.0.0.1:${GATEWAY_PORT}/gateway/readyz`, gateway, 'gateway'),
    ready(runId, `http://127.0.0.1:${WEB_PORT}${seed.statusPageUrlPath}`, web, 'web'),
  ])
  return {
    seed,
    databaseUrl: databases.DATABASE_URL,
    statusPageUrl: `http://127.0.0.1:${WEB_PORT}${seed.statusPageUrlPath}`,
    stored,
    stopGateway: () => ended(gateway, 'SIGTERM'),
    startGateway: async () => {
      gateway = startGateway(runId, folders, env, stored)
      await ready(runId, `http://127.0.0.1:${GATEWAY_PORT}/gateway/readyz`, gateway, 'gateway')
    },
    close: async () => {
      await Promise.all([ended(web, 'SIGTERM'), ended(gateway, 'SIGTERM')])
      await node(['server/db/main.ts', 'down', ...at])
    },
  }
}

/** Programs may log before their answer; the answer is the last line that is an object, or the whole output. */
export function lastJson(output: string): unknown {
  const trimmed = output.trim()
  const start = trimmed.startsWith('{') ? 0 : trimmed.lastIndexOf('\n{') + 1
  return JSON.parse(trimmed.slice(start))
}

function startGateway(runId: string, folders: Folders, env: Environment, stored: Map<string, number>): ChildProcess {
  const child = startNode(runId, folders, 'gateway', ['dist/server/main.mjs'], env)
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (!line.includes('incident stored')) return
    const entry = COMMITTED.safeParse(JSON.parse(line))
    if (entry.success && !stored.has(entry.data.incidentId)) stored.set(entry.data.incidentId, entry.data.committedUs)
  })
  return child
}

function startWeb(runId: string, folders: Folders, env: Environment): ChildProcess {
  const server = join(folders.root, '.next/standalone/server.js')
  if (!existsSync(server))
    throw new Error('the web is not built: .next/standalone/server.js is missing; run bin/demo, which builds it')
  return startNode(runId, folders, 'web', [server], { ...env, HOSTNAME: '127.0.0.1', PORT: String(WEB_PORT) })
}

function startNode(runId: string, folders: Folders, name: string, args: string[], env: Environment): ChildProcess {
  const [command, all] = inNamespace(runId, 'platform', AHEAD[0]!, [...AHEAD.slice(1), process.execPath, ...args])
  const child = spawn(command, all, {
    cwd: folders.root,
    env: childEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(join(folders.logs, `${name}.log`), { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  return child
}

/** Waits for a 200 at `url`, asked from inside the platform's namespace. */
async function ready(runId: string, url: string, child: ChildProcess, name: string): Promise<void> {
  const script = `fetch(${JSON.stringify(url)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`
  await until(
    `${name} to be ready at ${url}`,
    async () => {
      if (child.exitCode !== null)
        throw new Error(`${name} ended with ${child.exitCode}; its log is in .data/demo/logs/${name}.log`)
      return runInside(runId, 'platform', process.execPath, ['-e', script]).then(
        () => true,
        () => null,
      )
    },
    { timeoutMs: 60_000, everyMs: 200 },
  )
}

/** Ends a process and waits until it is gone; kills it after 10 s. */
export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill(signal)
  })
}
