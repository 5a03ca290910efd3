import { readFileSync } from 'node:fs'
import { open as openFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceFile, EvidenceManifest, SignedManifest } from '../../wire/evidence'
import { AgentError, errorText } from '../errors'
import type { NodeKey } from '../identity'
import type { Log } from '../log'
import { systemClock } from '../sense/clock'
import { type AttackRecorder, recordAttack, segmentName } from './attack-recorder'
import { syncDirectory, writeBundle } from './bundle'
import { salvageSegment } from './capture'
import { decodeManifest, encodeManifest, signManifest } from './manifest'
import { readCapture } from './read-capture'
import { type FrozenRing, freezePackets } from './ring'
import { RING_NAME, writeRing } from './secure-ring'
import { createEvidenceStore, type FinishedBundle, Opening } from './store'

export type EvidenceOptions = {
  stateDir: string
  nodeId: string
  key: NodeKey
  toolName: string
  toolVersion: string
  interfaceName: string
  log: Log
  /** pcap expression for what is recorded during an attack: leaves management traffic out. */
  captureFilter?: string
  /** Room for finished bundles that wait for upload; beyond it only rings are kept. */
  bytesMax?: number
  /** How the node's clock is disciplined, if known. */
  clock?: () => EvidenceManifest['clock']
}

export type OpenRequest = Opening & { packets: FrozenRing }
export type Secured = { securedUs: number; packets: number; packetsBeforeOnset: number; bytes: number }
export type ClosedEvidence = { path: string; sha256: string; bytes: number; signed: SignedManifest }

export type Evidence = {
  /** Resolves when ring and signed manifest are on disk; the attack itself is recorded from then on. */
  open(request: OpenRequest): Promise<Secured>
  close(incidentId: string): Promise<ClosedEvidence>
  abort(incidentId: string): Promise<void>
  /** Call once at start: finishes what a killed agent left, and names bundles that still wait for upload. */
  recover(): Promise<FinishedBundle[]>
}

type Recording = {
  opening: Opening
  directory: string
  ring: EvidenceFile
  before: number
  attack: AttackRecorder | null
}

const BYTES_MAX = 1024 ** 3
const FREE_BYTES_MIN = 256 * 1024 ** 2
const MANIFEST_DRAFT = 'manifest.json'

export function createEvidence(options: EvidenceOptions): Evidence {
  const { log } = options
  const store = createEvidenceStore(join(options.stateDir, 'evidence'))
  const recordings = new Map<string, Recording>()

  const hasRoom = async (): Promise<boolean> => {
    const { usedBytes, freeBytes } = await store.room()
    const isFull = usedBytes > (options.bytesMax ?? BYTES_MAX) || freeBytes < FREE_BYTES_MIN
    if (isFull)
      log.warn({ usedBytes, freeBytes }, 'Evidence that waits for upload fills its room: only rings are kept for now.')
    return !isFull
  }

  const finish = async (recording: Recording, captures: EvidenceFile[]): Promise<FinishedBundle> => {
    const signed = signManifest(manifestOf(options, recording, captures), options.key)
    const bundle = await writeBundle(signed, recording.directory, store.bundles)
    return store.finish(bundle, signed)
  }

  return {
    async open({ packets, ...opening }) {
      if (recordings.has(opening.incidentId))
        throw new AgentError('conflict', `Evidence of incident ${opening.incidentId} is being recorded already.`)
      const directory = await store.begin(opening)
      const recording = await secure(options, opening, directory, packets)
      const securedUs = systemClock.micros()
      recordings.set(opening.incidentId, recording)
      if (await hasRoom())
        recording.attack = recordAttack(directory, options.interfaceName, options.captureFilter ?? '', log)
      const { ring, before } = recording
      return { securedUs, packets: ring.packets, packetsBeforeOnset: before, bytes: ring.bytes }
    },

    async close(incidentId) {
      const recording = recordings.get(incidentId)
      if (!recording) throw new AgentError('not_found', `No evidence of incident ${incidentId} is being recorded.`)
      const captures = (await recording.attack?.stop()) ?? []
      const { path, sha256, bytes, signed } = await finish(recording, captures)
      recordings.delete(incidentId)
      return { path, sha256, bytes, signed }
    },

    async abort(incidentId) {
      const recording = recordings.get(incidentId)
      recordings.delete(incidentId)
      await recording?.attack?.stop()
      await store.abort(incidentId)
    },

    async recover() {
      for (const incidentId of await store.openIncidents()) {
        if (recordings.has(incidentId)) continue
        try {
          const { recording, captures } = await salvage(options, store.openDirectory(incidentId))
          await finish(recording, captures)
          log.info({ incidentId }, 'Evidence that a stopped agent left was closed with what it had recorded.')
        } catch (error) {
          const path = await store.setAside(incidentId)
          log.error({ incidentId, path }, `Evidence could not be closed and was set aside: ${errorText(error)}`)
        }
      }
      return store.waiting()
    },
  }
}

/** Ring, signed manifest and directory on disk; they are synced side by side. */
async function secure(
  options: EvidenceOptions,
  opening: Opening,
  directory: string,
  packets: FrozenRing,
): Promise<Recording> {
  const { handle, file: ring } = await writeRing({
    directory,
    packets,
    samplingRate: opening.samplingRate,
    kernelDrops: opening.kernelDrops,
    interfaceName: options.interfaceName,
    application: `${options.toolName} ${options.toolVersion}`,
    nowUs: systemClock.micros(),
  })
  const before = packets.timesUs.filter((atUs) => atUs < opening.onsetUs).length
  const recording: Recording = { opening, directory, ring, before, attack: null }
  const manifest = encodeManifest(signManifest(manifestOf(options, recording, []), options.key))
  try {
    await Promise.all([handle.sync(), writeSynced(join(directory, MANIFEST_DRAFT), manifest)])
  } finally {
    await handle.close()
  }
  await Promise.all([syncDirectory(directory), syncDirectory(join(directory, '..'))])
  return recording
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await openFile(path, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

function manifestOf(options: EvidenceOptions, recording: Recording, captures: EvidenceFile[]): EvidenceManifest {
  return {
    format: 'evidence-manifest/1',
    incidentId: recording.opening.incidentId,
    nodeId: options.nodeId,
    createdUs: systemClock.micros(),
    onsetUs: recording.opening.onsetUs,
    files: [recording.ring, ...captures],
    packetsBeforeOnset: recording.before,
    clock: options.clock?.() ?? { source: kernelClockSource(), offsetUs: null },
    tool: { name: options.toolName, version: options.toolVersion },
    publicKey: options.key.publicKey,
  }
}

function kernelClockSource(): string {
  try {
    return `kernel ${readFileSync('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'utf8').trim()}`
  } catch {
    return 'kernel'
  }
}

/** What a killed agent left of one incident: the ring as secured, or what of it can be read, and whole segments. */
async function salvage(
  options: EvidenceOptions,
  directory: string,
): Promise<{ recording: Recording; captures: EvidenceFile[] }> {
  const opening = Opening.parse(JSON.parse(await readFile(join(directory, 'opening.json'), 'utf8')))
  const signed = await readFile(join(directory, MANIFEST_DRAFT)).then(decodeManifest, () => null)
  const recording =
    signed === null || typeof signed === 'string'
      ? await secure(options, opening, directory, await readTornRing(directory))
      : securedRecording(opening, directory, signed)
  const captures: EvidenceFile[] = []
  for (let number = 1; ; number++) {
    const name = segmentName(number)
    const file = await salvageSegment(join(directory, name), name).catch(() => null)
    if (!file) return { recording, captures }
    captures.push(file)
  }
}

function securedRecording(opening: Opening, directory: string, { manifest }: SignedManifest): Recording {
  const [ring] = manifest.files
  if (!ring) throw new AgentError('bad_manifest', 'Its manifest names no file.')
  return { opening, directory, ring, before: manifest.packetsBeforeOnset, attack: null }
}

async function readTornRing(directory: string): Promise<FrozenRing> {
  const bytes = await readFile(join(directory, RING_NAME)).catch(() => Buffer.alloc(0))
  try {
    return freezePackets(readCapture(bytes).packets)
  } catch {
    return freezePackets([])
  }
}
