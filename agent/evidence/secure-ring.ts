import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceFile } from '../../wire/evidence'
import type { CapturedPacket } from './packet'
import { LINKTYPE, pcapngHeader, pcapngPackets, pcapngStatistics } from './pcapng'

export const RING_NAME = 'ring.pcapng'
export const RING_SNAP_LENGTH = 128

/** Packets encoded at a time: between two batches the event loop is free. */
const BATCH = 512

export type RingOptions = {
  directory: string
  packets: readonly CapturedPacket[]
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
  for (let at = 0; at < packets.length; at += BATCH) yield pcapngPackets(packets.slice(at, at + BATCH))
  yield pcapngStatistics({ atUs: nowUs, received: packets.length, kernelDrops })
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
  const { packets } = options
  const file: EvidenceFile = {
    name: RING_NAME,
    sha256: hash.digest('hex'),
    bytes,
    packets: packets.length,
    source: 'ring',
    firstPacketUs: packets[0]?.atUs ?? null,
    lastPacketUs: packets.at(-1)?.atUs ?? null,
    timestampResolution: 'us',
    snapLength: RING_SNAP_LENGTH,
    samplingRate: options.samplingRate,
    kernelDrops: options.kernelDrops,
  }
  return { file, handle }
}
