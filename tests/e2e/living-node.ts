import { sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createLink } from '../../agent/link/link'
import { createKey, enrol, HELLO } from '../../server/testing/agent-simulator'
import { lastSeconds, sampleAt } from './flood'
import { mintToken, stack } from './story'

/** A node that goes on measuring whatever happens: the agent's own link and spool, with made-up figures. */
export type LivingNode = {
  id: string
  /** What the platform asked for last: each second, or batches. */
  isWatched: () => boolean
  /** Seconds measured so far. */
  measured: () => number
  stop: () => Promise<void>
}

export async function startLivingNode(name: string, secondsBefore = 0): Promise<LivingNode> {
  const { gatewayUrl } = stack()
  const key = createKey()
  const { nodeId } = await enrol(gatewayUrl, await mintToken(name), key, name)
  const folder = mkdtempSync(join(tmpdir(), 'living-node-'))
  let isWatched = false
  const link = createLink({
    config: { gatewayUrl, nodeId, paths: { spool: folder } },
    key: {
      publicKey: key.publicKey,
      sign: (data) => sign(null, Buffer.from(data as Uint8Array), key.privateKey).toString('base64url'),
    },
    log: pino({ level: 'silent' }),
    onPolicy: () => {},
    onSchedule: () => {},
    onWatch: (on) => {
      isWatched = on
    },
    health: () => ({ startedMs: 0, cpuPercent: 0, residentBytes: 0, disk: 'ok' as const }),
    hello: () => ({ ...HELLO, hostname: name }),
  })
  link.start()
  let measured = 0
  const measure = (atMs: number) => {
    measured += 1
    link.push({ type: 'samples', samples: [sampleAt(atMs, { isFlooded: false })] })
  }
  const past = lastSeconds(Math.max(1, secondsBefore))
  for (const atMs of past) measure(atMs)
  let lastMs = past.at(-1) as number
  const timer = setInterval(() => {
    // Timers of a busy machine come late; a second is measured all the same.
    for (; lastMs + 1_000 <= Date.now(); measure(lastMs)) lastMs += 1_000
  }, 100)
  return {
    id: nodeId,
    isWatched: () => isWatched,
    measured: () => measured,
    stop: async () => {
      clearInterval(timer)
      await link.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
