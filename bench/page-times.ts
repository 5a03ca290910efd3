import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stack } from '../tests/e2e/story'

export type PageTimes = { p50Ms: number; p95Ms: number; maxMs: number; kb: number }

const ROUNDS = 40
const WARM_UP = 3

type Order = { webUrl: string; owner: { email: string; password: string }; paths: string[] }

/** Each page asked for, one at a time, by a process of its own: whoever plays the fleet would not notice answers in time. */
export async function timePages(
  root: string,
  paths: string[],
  say: (line: string) => void,
): Promise<Record<string, PageTimes>> {
  const { webUrl, seeded } = stack()
  const order: Order = { webUrl, owner: seeded.owner, paths }
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), JSON.stringify(order)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  for await (const chunk of child.stdout) printed += chunk
  const times = JSON.parse(printed) as Record<string, PageTimes>
  for (const [path, found] of Object.entries(times)) say(`${path}: ${JSON.stringify(found)}`)
  return times
}

async function signInByForm({ webUrl, owner }: Order): Promise<string> {
  const first = await fetch(`${webUrl}/api/auth/csrf`)
  const { csrfToken } = (await first.json()) as { csrfToken: string }
  const reply = await fetch(`${webUrl}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(first) },
    body: new URLSearchParams({ csrfToken, json: 'true', ...owner }),
  })
  return cookiesOf(reply)
}

const cookiesOf = (reply: Response): string =>
  reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

async function run(order: Order): Promise<Record<string, PageTimes>> {
  const cookie = await signInByForm(order)
  const found = new Map<string, { ms: number[]; bytes: number }>()
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const path of order.paths) {
      const startedMs = performance.now()
      const reply = await fetch(order.webUrl + path, { headers: { cookie }, redirect: 'manual' })
      const bytes = (await reply.arrayBuffer()).byteLength
      // A page that leads on to another is timed for what it does.
      if (reply.status !== 200 && reply.status !== 307) throw new Error(`${path} answered ${reply.status}.`)
      const one = found.get(path) ?? { ms: [], bytes }
      if (round >= 0) one.ms.push(performance.now() - startedMs)
      found.set(path, one)
    }
  }
  return Object.fromEntries([...found].map(([path, { ms, bytes }]) => [path, summary(ms, bytes)]))
}

function summary(ms: number[], bytes: number): PageTimes {
  ms.sort((a, b) => a - b)
  const at = (share: number): number => Number((ms[Math.ceil(share * ms.length) - 1] ?? 0).toFixed(1))
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1), kb: Number((bytes / 1_000).toFixed(1)) }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as Order)))
