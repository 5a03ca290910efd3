import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSmtpSink } from '../../server/testing/smtp-sink'
import { addNeighbour } from './neighbour'
import { describeStack, type Seeded, type Stack } from './story'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
// Two copies of the repository may run their stories on one machine.
const FIRST_PORT = Number(process.env.E2E_FIRST_PORT ?? 3037)
const PORTS = { database: FIRST_PORT, gateway: FIRST_PORT + 1, web: FIRST_PORT + 2, control: FIRST_PORT + 3 }

/** Starts everything on a database of its own; what it gives back ends it again. */
export default function startStack(): Promise<() => Promise<void>> {
  return openStack({ seed: 'tournament', data: null })
}

/** `data`: folder of a database that stays, or null for one that goes with the stack. */
export type StackOptions = { seed: 'tournament' | 'major'; data: string | null }

export async function openStack({ seed, data }: StackOptions): Promise<() => Promise<void>> {
  const standalone = prepareStandalone()
  const folder = mkdtempSync(join(tmpdir(), 'e2e-'))
  const place = ['--data', data ?? join(folder, 'db'), '--port', String(PORTS.database)]
  const database = data === null ? [...place, '--temporary'] : place
  const mail = await startSmtpSink()
  const urls = await json<Record<string, string>>(['server/db/main.ts', 'up', '--json', ...database], process.env)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...urls,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(PORTS.gateway),
    GATEWAY_URL: `http://127.0.0.1:${PORTS.gateway}`,
    NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
    EVIDENCE_DIR: join(folder, 'evidence'),
    AGENT_PACKAGE_DIR: join(ROOT, 'dist/agent'),
    PUBLIC_URL: `http://127.0.0.1:${PORTS.web}`,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    MAIL_FROM: 'Tidegate <alerts@tidegate.example>',
    OWNER_EMAIL: 'owner@platform.example',
    // A story's own issuer stands on loopback.
    OIDC_ALLOW_CIDRS: '127.0.0.0/8',
    // No story asks the world whether its passwords were leaked.
    PASSWORD_RANGE_URL: '',
    // A story serves a calendar of its own.
    WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
    LOG_LEVEL: 'warn',
  }
  const seeded = await json<Seeded>(['prisma/seed.ts', seed, '--json'], env)
  const neighbour = await addNeighbour(urls.DATABASE_URL ?? '')

  const gatewayUrl = `http://127.0.0.1:${PORTS.gateway}`
  let gateway = node(['--import', 'tsx', 'server/main.ts'], env)
  const control = await serveControl({
    start: () => {
      gateway = node(['--import', 'tsx', 'server/main.ts'], env)
      return answers(`${gatewayUrl}/gateway/readyz`)
    },
    stop: () => ended(gateway),
    kill: () => ended(gateway, 'SIGKILL'),
    mails: async () => mail.taken.map(({ to, mail: { subject, text } }) => ({ to, subject, text })),
  })
  const web = node([join(standalone, 'server.js')], { ...env, PORT: String(PORTS.web), HOSTNAME: '127.0.0.1' })
  const webUrl = `http://127.0.0.1:${PORTS.web}`
  await Promise.all([answers(`${gatewayUrl}/gateway/readyz`), answers(`${webUrl}/sign-in`)])
  const controlUrl = `http://127.0.0.1:${PORTS.control}`
  const stack: Stack = { webUrl, gatewayUrl, controlUrl, databaseUrl: urls.DATABASE_URL ?? '', seeded, neighbour }
  describeStack(stack)

  return async () => {
    control.close()
    await Promise.all([ended(web), ended(gateway), mail.close()])
    await json(['server/db/main.ts', 'down', '--json', ...database], process.env).catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Stories run in a process of their own: they stop, kill and start the gateway by a request. */
function serveControl(actions: Record<string, () => Promise<unknown>>): Promise<Server> {
  const server = createServer((request, response) => {
    const action = actions[request.url?.slice(1) ?? '']
    if (!action) return void response.writeHead(404).end()
    action().then(
      (said) => response.end(JSON.stringify(said ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  return new Promise((resolve) => server.listen(PORTS.control, '127.0.0.1', () => resolve(server)))
}

/** The build leaves static files and `public` outside the standalone folder; a release puts them in. */
function prepareStandalone(): string {
  const standalone = join(ROOT, '.next/standalone')
  if (!existsSync(join(standalone, 'server.js')))
    throw new Error('There is no build of web. Run `npm run build:web` first.')
  cpSync(join(ROOT, '.next/static'), join(standalone, '.next/static'), { recursive: true })
  if (existsSync(join(ROOT, 'public'))) cpSync(join(ROOT, 'public'), join(standalone, 'public'), { recursive: true })
  return standalone
}

const node = (args: string[], env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] })

/** Runs one of our commands to its end and reads the object it prints. */
function json<Printed>(args: string[], env: NodeJS.ProcessEnv): Promise<Printed> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(printed.slice(printed.indexOf('{'))) as Printed)
      else reject(new Error(`${args.join(' ')} ended with ${code}`))
    })
  })
}

async function answers(url: string): Promise<void> {
  const untilMs = Date.now() + 30_000
  for (;;) {
    const reply = await fetch(url).catch(() => null)
    if (reply?.ok) return
    if (Date.now() > untilMs) throw new Error(`${url} did not answer within 30 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 8_000)
    child.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    child.kill(signal)
  })
}
