import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceFile } from '../../wire/evidence'
import { LINKTYPE, pcapngHeader, pcapngStatistics } from './pcapng'
import type { FrozenRing } from './ring'

export const RING_NAME = 'ring.pcapng'
export const RING_SNAP_LENGTH = 128

/** Bytes hashed at a time: between two pieces the event loop is free. */
const PIECE_BYTES = 1024 * 1024

export type RingOptions = {
  directory: string
  packets: FrozenRing
  samplingRate: number | null
  kernelDrops: number | null
  interfaceName: string
  application: string
  nowUs: number
}

function* ringBytes(options: RingOptions): Generator<Buffer> {
  const { packets, samplingRate, kernelDrops, interfaceName, application, nowUs } = options
  const rate = samplingRate === null ? 'rate varied' : `one packet in ${samplingRate}`
  yield pcapngHeader({
    linkType: LINKTYPE.raw,
    snapLength: RING_SNAP_LENGTH,
    interfaceName,
    application,
    comment: `Sampled in the kernel, ${rate}; IP headers and a short prefix of the payload.`,
  })
  const { blocks, timesUs } = packets
  for (let at = 0; at < blocks.length; at += PIECE_BYTES) yield blocks.subarray(at, at + PIECE_BYTES)
  yield pcapngStatistics({ atUs: nowUs, received: timesUs.length, kernelDrops })
}

/** Writes the ring and hashes it on the way. The file is handed over unsynced: the caller syncs it beside others. */
export async function writeRing(options: RingOptions): Promise<{ file: EvidenceFile; handle: FileHandle }> {
  const hash = createHash('sha256')
  const handle = await open(join(options.directory, RING_NAME), 'w', 0o600)
  let bytes = 0
  for (const chunk of ringBytes(options)) {
    hash.update(chunk)
    bytes += chunk.length
    await handle.writeFile(chunk)
  }
  const { timesUs } = options.packets
  const file: EvidenceFile = {
    name: RING_NAME,
    sha256: hash.digest('hex'),
    bytes,
    packets: timesUs.length,
    source: 'ring',
    firstPacketUs: timesUs[0] ?? null,
    lastPacketUs: timesUs.at(-1) ?? null,
    timestampResolution: 'us',
    snapLength: RING_SNAP_LENGTH,
    samplingRate: options.samplingRate,
    kernelDrops: options.kernelDrops,
  }
  return { file, handle }
}
