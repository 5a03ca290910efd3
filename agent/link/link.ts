import { join } from 'node:path'
import type { IncidentState } from '../../wire/incident'
import type { AgentHealth, Hello, Policy, PushBody, Schedule, Welcome } from '../../wire/messages'
import type { Config } from '../config'
import { errorText } from '../errors'
import type { NodeKey } from '../identity'
import type { Log } from '../log'
import { createConnection } from './connection'
import { createLane, type Lane } from './lane'
import { createRoom } from './room'
import { openSpool, type Spool, type SpoolOptions } from './spool'
import { type BundleFile, createUploader } from './upload'

export type LinkOptions = {
  config: Pick<Config, 'gatewayUrl' | 'nodeId'> & { paths: Pick<Config['paths'], 'spool'> }
  key: NodeKey
  log: Log
  /** Resolves once the rules follow it. */
  onPolicy(policy: Policy): void | Promise<void>
  onSchedule(schedule: Schedule): void
  onWatch(on: boolean): void
  hello(): Hello
  /** How the process fares, but for what the link knows itself. */
  health(): Omit<AgentHealth, 'spooled'>
  /** The platform has the bundle; the local copy is gone. */
  onUploaded?(bundle: BundleFile): void
}

export type LinkStatus = {
  connected: boolean
  spooled: number
  /** Of a full disk: the oldest samples go, incidents stay. */
  diskFull: boolean
}

export type Link = {
  /** Sends, or spools while the platform is away; never throws and never waits. */
  push(body: PushBody): void
  uploadBundle(bundle: BundleFile): void
  readonly connected: boolean
  status(): LinkStatus
  /** Whether everything pushed so far is on disk; resolves when that is known. */
  settled(): Promise<boolean>
  /** Frees this much of a full disk at the cost of the oldest samples; false when there are not enough. */
  makeRoom(bytes: number): boolean
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
/** Taken while the spool cannot be opened; about a quarter of an hour. */
const EARLY_MAX = 1_000
const REOPEN_MS = 5_000
const OVER: readonly IncidentState[] = ['resolved', 'rejected']

/** The whole state once more, as the next second says it again: the event stands first in the record. */
const isSpareReport = (body: string): boolean => body.slice(0, 120).includes('"kind":"updated"')

export function createLink(options: LinkOptions): Link {
  const { config, key, log } = options
  const { gatewayUrl, nodeId } = config
  const openIncidents = new Set<string>()
  /** Taken while the spools cannot be opened. */
  const early: PushBody[] = []
  let lanes: { incidents: Lane; samples: Lane } | null = null
  let isWatched = false
  let isConnected = false
  let isStarted = false
  let isStopped = false
  let saidClosed = false
  let samplesSpool: Spool | null = null

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
    health: () => {
      const health = options.health()
      return { ...health, spooled: spooled(), disk: room.isFull ? 'full' : health.disk }
    },
    onPolicy: options.onPolicy,
    onSchedule: options.onSchedule,
    onWelcome: (welcome) => void begin(welcome),
    onWatch: (on) => {
      isWatched = on
      lanes?.samples.pump()
      options.onWatch(on)
    },
    onLost: () => {
      isConnected = false
      isWatched = false
      options.onWatch(false)
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

  const room = createRoom({
    directory: config.paths.spool,
    log,
    letGoOldest: () => samplesSpool?.letGoOldest() ?? false,
    onChange: (kind, text) => take({ type: 'notice', notice: { atUs: Date.now() * 1_000, kind, text } }),
  })

  const openLanes = (): void => {
    const spool = (name: 'incidents' | 'samples', more: Pick<SpoolOptions, 'bytesMax' | 'sync' | 'isSpare'>) =>
      openSpool({
        directory: join(config.paths.spool, name),
        name,
        memoryMax: MEMORY_MAX[name],
        makeRoom: () => room.make(name),
        log,
        ...more,
      })
    const incidentsSpool = spool('incidents', { bytesMax: null, sync: true, isSpare: isSpareReport })
    samplesSpool = spool('samples', { bytesMax: SAMPLES_SPOOL_BYTES_MAX, sync: false })
    const incidents = createLane({
      name: 'incidents',
      spool: incidentsSpool,
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
      spool: samplesSpool,
      log,
      window: 1,
      recordsPerPush: SAMPLES_PER_PUSH,
      isDue: (pending) => incidents.pending === 0 && (isWatched || pending >= SAMPLES_TOGETHER),
      transmit: connection.send,
      onIdle: () => undefined,
    })
    lanes = { incidents, samples }
    room.open()
    for (const body of early.splice(0)) take(body)
  }

  const open = (): void => {
    if (isStopped) return
    try {
      openLanes()
      if (isStarted) connection.start()
    } catch (error) {
      const text = `The spool ${config.paths.spool} cannot be opened: ${errorText(error)}. Reports wait in memory.`
      if (!saidClosed) log.error(`${text} Make room on the disk, or correct its owner and mode.`)
      saidClosed = true
      setTimeout(open, REOPEN_MS).unref()
    }
  }

  /** Samples give way to incidents, and old to new. */
  const takeEarly = (body: PushBody): void => {
    if (early.length >= EARLY_MAX)
      early.splice(
        Math.max(
          0,
          early.findIndex(({ type }) => type === 'samples'),
        ),
        1,
      )
    early.push(body)
  }

  const take = (body: PushBody): void => {
    if (!lanes) {
      takeEarly(body)
      return
    }
    lanes[body.type === 'samples' ? 'samples' : 'incidents'].push(body)
    if (body.type !== 'incident') return
    if (OVER.includes(body.report.state)) openIncidents.delete(body.report.id)
    else openIncidents.add(body.report.id)
    uploader.reconsider()
  }

  const spooled = (): number => early.length + (lanes ? lanes.incidents.pending + lanes.samples.pending : 0)

  open()
  return {
    push: take,
    uploadBundle: (bundle) => uploader.add(bundle),
    get connected() {
      return isConnected
    },
    status: () => ({
      connected: isConnected,
      spooled: spooled(),
      diskFull: room.isFull,
    }),
    async settled() {
      if (!lanes) return false
      const { incidents, samples } = lanes
      return (await incidents.settled()) && (await samples.settled())
    },
    makeRoom: room.free,
    start() {
      isStarted = true
      if (lanes) connection.start()
    },
    async stop() {
      isStopped = true
      connection.stop()
      uploader.stop()
      room.close()
      await lanes?.incidents.close()
      await lanes?.samples.close()
    },
  }
}
