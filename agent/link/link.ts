import { join } from 'node:path'
import type { IncidentState } from '../../wire/incident'
import type { Hello, Policy, PushBody, Welcome } from '../../wire/messages'
import type { Config } from '../config'
import type { NodeKey } from '../identity'
import type { Log } from '../log'
import { createConnection } from './connection'
import { createLane, type Lane } from './lane'
import { openSpool } from './spool'
import { type BundleFile, createUploader } from './upload'

export type LinkOptions = {
  config: Pick<Config, 'gatewayUrl' | 'nodeId'> & { paths: Pick<Config['paths'], 'spool'> }
  key: NodeKey
  log: Log
  onPolicy(policy: Policy): void
  onWatch(on: boolean): void
  hello(): Hello
  /** The platform has the bundle; the local copy is gone. */
  onUploaded?(bundle: BundleFile): void
}

export type LinkStatus = { connected: boolean; spooled: number }

export type Link = {
  /** Sends, or spools while the platform is away; never throws and never waits. */
  push(body: PushBody): void
  uploadBundle(bundle: BundleFile): void
  readonly connected: boolean
  status(): LinkStatus
  start(): void
  /** Writes out what waits; what was not confirmed is sent by the next run. */
  stop(): Promise<void>
}

/** While nobody watches, samples wait until this many are together. */
const SAMPLES_TOGETHER = 10
const SAMPLES_PER_PUSH = 100
const SAMPLES_SPOOL_BYTES_MAX = 192 * 1024 ** 2
const INCIDENTS_IN_FLIGHT = 32
const MEMORY_MAX = { incidents: 8 * 1024 ** 2, samples: 2 * 1024 ** 2 }
const OVER: readonly IncidentState[] = ['resolved', 'rejected']

export function createLink(options: LinkOptions): Link {
  const { config, key, log } = options
  const { gatewayUrl, nodeId } = config
  const openIncidents = new Set<string>()
  /** Taken before the spools are open. */
  const early: PushBody[] = []
  let lanes: { incidents: Lane; samples: Lane } | null = null
  let isWatched = false
  let isConnected = false
  let opening: Promise<void> | null = null

  const uploader = createUploader({
    gatewayUrl,
    nodeId,
    key,
    log,
    // A bundle is announced in the incidents lane: it must have arrived there first.
    mayUpload: () => isConnected && openIncidents.size === 0 && lanes?.incidents.pending === 0,
    onUploaded: (bundle) => options.onUploaded?.(bundle),
  })

  const connection = createConnection({
    gatewayUrl,
    nodeId,
    key,
    log,
    hello: options.hello,
    onPolicy: options.onPolicy,
    onWelcome: (welcome) => void begin(welcome),
    onWatch: (on) => {
      isWatched = on
      lanes?.samples.pump()
      options.onWatch(on)
    },
    onLost: () => {
      isConnected = false
      isWatched = false
      lanes?.incidents.end()
      lanes?.samples.end()
      uploader.reconsider()
    },
  })

  const begin = async ({ cursors }: Welcome): Promise<void> => {
    isConnected = true
    await lanes?.incidents.begin(cursors.incidents)
    if (isConnected) await lanes?.samples.begin(cursors.samples)
    uploader.reconsider()
  }

  const openLanes = async (): Promise<void> => {
    const spool = (name: 'incidents' | 'samples', bytesMax: number | null) =>
      openSpool({
        directory: join(config.paths.spool, name),
        name,
        bytesMax,
        memoryMax: MEMORY_MAX[name],
        sync: name === 'incidents',
        log,
      })
    const incidents = createLane({
      name: 'incidents',
      spool: await spool('incidents', null),
      log,
      window: INCIDENTS_IN_FLIGHT,
      recordsPerPush: 1,
      isDue: () => true,
      transmit: connection.send,
      onIdle: () => {
        lanes?.samples.pump()
        uploader.reconsider()
      },
    })
    const samples = createLane({
      name: 'samples',
      spool: await spool('samples', SAMPLES_SPOOL_BYTES_MAX),
      log,
      window: 1,
      recordsPerPush: SAMPLES_PER_PUSH,
      isDue: (pending) => incidents.pending === 0 && (isWatched || pending >= SAMPLES_TOGETHER),
      transmit: connection.send,
      onIdle: () => undefined,
    })
    lanes = { incidents, samples }
    for (const body of early.splice(0)) take(body)
  }

  const take = (body: PushBody): void => {
    if (!lanes) {
      early.push(body)
      return
    }
    lanes[body.type === 'samples' ? 'samples' : 'incidents'].push(body)
    if (body.type !== 'incident') return
    if (OVER.includes(body.report.state)) openIncidents.delete(body.report.id)
    else openIncidents.add(body.report.id)
    uploader.reconsider()
  }

  return {
    push: take,
    uploadBundle: (bundle) => uploader.add(bundle),
    get connected() {
      return isConnected
    },
    status: () => ({
      connected: isConnected,
      spooled: early.length + (lanes ? lanes.incidents.pending + lanes.samples.pending : 0),
    }),
    start() {
      opening ??= openLanes().then(connection.start, (error: unknown) => {
        log.error({ err: error }, `The spool ${config.paths.spool} cannot be opened: nothing is reported.`)
      })
    },
    async stop() {
      await opening
      connection.stop()
      uploader.stop()
      await lanes?.incidents.close()
      await lanes?.samples.close()
    },
  }
}
