import { pino } from 'pino'
import { pathsOf, readAgentFile } from '../agent/config'
import { loadKey } from '../agent/identity'
import { createLink } from '../agent/link/link'
import { HELLO } from '../server/testing/agent-simulator'
import type { PushBody } from '../wire/messages'
import { sampleOf } from './outage-sample'

/**
 * Child process: a node that sees no packets, but spools, sends and uploads with the agent's own link on its own disk.
 * Takes orders over IPC and makes a sample every `everyMs`, one for each second of a time that begins at `baseMs`.
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

const [stateDir = '', baseMs = '0', firstSecond = '0', everyMs = '40'] = process.argv.slice(2)
const paths = pathsOf(stateDir)
const enrolled = readAgentFile(paths)
if (!enrolled) throw new Error(`${stateDir} is not enrolled`)

const tell = (event: NodeEvent): void => void process.send?.(event)

const link = createLink({
  config: { gatewayUrl: enrolled.gatewayUrl, nodeId: enrolled.nodeId, paths },
  key: loadKey(paths.key),
  log: pino({ level: 'warn', name: 'node' }, pino.destination({ dest: 2, sync: true })),
  onPolicy: () => undefined,
  onSchedule: () => undefined,
  onWatch: () => undefined,
  health: () => ({ startedMs: 0, cpuPercent: 0, residentBytes: 0, disk: 'ok' as const }),
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
  link.push(sampleOf(Number(baseMs), second))
  tell({ type: 'sample', second })
  second += 1
}, Number(everyMs))

process.on('disconnect', () => process.exit(0))
process.on('message', (order: Order) => void take(order))
link.start()
tell({ type: 'ready' })
