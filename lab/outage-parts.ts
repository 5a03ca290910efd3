import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { seedTournament } from '../prisma/tournament'
import { findEmbedded, startEmbedded } from '../server/db/embedded'
import { openAppDb } from '../server/db/pool'
import type { DatabaseUrls } from '../server/db/provision'
import { until } from './clock'
import type { NodeEvent, Order } from './outage-node'
import { endWithUs, type Supervised, signalFamily, supervise } from './outage-process'
import type { OutageProxy } from './outage-proxy'

/** The processes of the outage stand, each with its way to start, to be ready and to be killed. */

export type Place = { root: string; folder: string }
type Environment = Record<string, string>

const logFile = ({ folder }: Place, name: string): string => {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  return join(folder, `logs/${name}.log`)
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (reply) => reply.ok,
    () => false,
  )

export function gatewayProcess(place: Place, env: Environment, proxy: OutageProxy): Supervised {
  return supervise({
    name: 'gateway',
    cwd: place.root,
    args: () => ['dist/server/main.mjs'],
    env: () => ({ ...env, GATEWAY_PORT: '0', GATEWAY_HOST: '127.0.0.1' }),
    logFile: logFile(place, 'gateway'),
    isReady: async (output) => {
      const ready = /"port":(\d+)[^\n]*"msg":"ready"/.exec(output)
      if (!ready) return false
      proxy.target = Number(ready[1])
      return answers(`http://127.0.0.1:${proxy.target}/gateway/readyz`)
    },
  })
}

export function webProcess(place: Place, env: Environment, statusPageUrl: string): Supervised {
  return supervise({
    name: 'web',
    cwd: place.root,
    args: () => [join(place.root, '.next/standalone/server.js')],
    env: () => ({ ...env, HOSTNAME: '127.0.0.1' }),
    logFile: logFile(place, 'web'),
    isReady: () => answers(statusPageUrl),
  })
}

/** Killed with everything it started: a postmaster alone would leave its children to finish their work. */
export function databaseProcess(data: string, port: number): Supervised {
  let pid = 0
  return {
    get pid() {
      return pid
    },
    deaths: 0,
    start: async () => {
      pid = (await startEmbedded({ data, port })).pid
      endWithUs(pid)
    },
    kill: async () => {
      pid = (await findEmbedded(data))?.pid ?? 0
      if (pid === 0) return
      signalFamily(pid, 'SIGKILL')
      await until('the database to be gone', () => (isAlive(pid) ? null : true), { timeoutMs: 10_000, everyMs: 10 })
    },
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export type NodeControl = {
  /** Orders that are carried out even if the node is killed in between: what it has not confirmed is ordered again. */
  order: (order: Omit<Order, 'id'>) => void
  /** Highest second for which a sample was made; -1 before the first. */
  lastSecond: () => number
  /** When second 0 was, epoch ms. */
  baseMs: number
}

/** Seconds of the node's time: when it began, which is the next, and how fast they come. */
export type Timeline = { baseMs: number; firstSecond: number; everyMs: number }

/** Begins long enough ago for hours of samples at 25 a second, and not so long that they would not be taken. */
export const fastTimeline = (): Timeline => ({
  baseMs: Math.floor(Date.now() / 1_000 - 40 * 3_600) * 1_000,
  firstSecond: 0,
  everyMs: 40,
})

export function nodeProcess(
  place: Place,
  stateDir: string,
  { baseMs, firstSecond, everyMs }: Timeline,
): { process: Supervised; control: NodeControl } {
  const waiting = new Map<number, Order>()
  let orders = 0
  let second = firstSecond - 1
  let isReady = false
  let send = (_order: Order): void => {}
  const supervised = supervise({
    name: 'node',
    cwd: place.root,
    ipc: true,
    args: () => [...['--import', 'tsx', 'lab/outage-node.ts', stateDir], ...[baseMs, second + 1, everyMs].map(String)],
    env: () => ({}),
    logFile: logFile(place, 'node'),
    isReady: async () => isReady,
    onSpawn: (child) => {
      isReady = false
      send = (order) => {
        if (child.connected) child.send(order, () => {})
      }
      child.on('message', (event: NodeEvent) => {
        if (event.type === 'sample') second = Math.max(second, event.second)
        if (event.type === 'kept') waiting.delete(event.id)
        if (event.type === 'ready') {
          isReady = true
          for (const order of waiting.values()) send(order)
        }
      })
    },
  })
  const order: NodeControl['order'] = (wanted) => {
    const numbered = { id: ++orders, ...wanted }
    waiting.set(numbered.id, numbered)
    send(numbered)
  }
  return { process: supervised, control: { order, lastSecond: () => second, baseMs } }
}

export const SETTINGS_KEY = 'a key of the outage stand with no comma in it'

export async function seedThere(urls: DatabaseUrls, webhookUrl: string) {
  const owner = openAppDb(urls.DATABASE_URL, { connectionsMax: 2 })
  try {
    return await seedTournament(owner, { webhookUrl, settingsKeys: [SETTINGS_KEY] })
  } finally {
    await owner.close()
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address() as AddressInfo
  await new Promise((done) => probe.close(done))
  return port
}
