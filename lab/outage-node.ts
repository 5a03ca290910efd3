import { pino } from 'pino'
import { pathsOf, readAgentFile } from '../agent/config'
import { loadKey } from '../agent/identity'
import { createLink } from '../agent/link/link'
import { HELLO, simulatedSample } from '../server/testing/agent-simulator'
import type { PushBody } from '../wire/messages'

/**
 * Child process: a node that sees no packets, but spools, sends and uploads with the agent's own link on its own disk.
 * Takes orders over IPC and makes a sample every few ms, one for each second of a past that begins at `baseMs`.
 */

export type Order = {
  id: number
  body?: PushBody
  bundle?: { path: string; sha256: string }
}
export type NodeEvent =
  | { type: 'ready' }
  | { type: 'sample'; second: number }
  /** The message is on this node's disk, or the bundle is at the platform. */
  | { type: 'kept'; id: number }

const SAMPLE_EVERY_MS = 40

const [stateDir = '', baseMs = '0', firstSecond = '0'] = process.argv.slice(2)
const paths = pathsOf(stateDir)
const enrolled = readAgentFile(paths)
if (!enrolled) throw new Error(`${stateDir} is not enrolled`)

const tell = (event: NodeEvent): void => void process.send?.(event)

const link = createLink({
  config: { gatewayUrl: enrolled.gatewayUrl, nodeId: enrolled.nodeId, paths },
  key: loadKey(paths.key),
  log: pino({ level: 'warn', name: 'node' }, pino.destination({ dest: 2, sync: true })),
  onPolicy: () => undefined,
  onWatch: () => undefined,
  hello: () => HELLO,
  onUploaded: ({ sha256 }) => {
    for (const id of uploads.get(sha256) ?? []) tell({ type: 'kept', id })
  },
})
/** Orders to upload, by hash: asked again of a restarted node, as the agent finds them on its disk. */
const uploads = new Map<string, number[]>()

async function take({ id, body, bundle }: Order): Promise<void> {
  if (bundle) {
    uploads.set(bundle.sha256, [...(uploads.get(bundle.sha256) ?? []), id])
    link.uploadBundle(bundle)
    return
  }
  if (body) link.push(body)
  await link.settled()
  tell({ type: 'kept', id })
}

let second = Number(firstSecond)
setInterval(() => {
  link.push({ type: 'samples', samples: [simulatedSample(Number(baseMs) + second * 1_000, 900 + (second % 100))] })
  tell({ type: 'sample', second })
  second += 1
}, SAMPLE_EVERY_MS)

process.on('disconnect', () => process.exit(0))
process.on('message', (order: Order) => void take(order))
link.start()
tell({ type: 'ready' })
