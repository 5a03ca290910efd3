import { createHash } from 'node:crypto'
import { pcapngHeader, pcapngPackets } from '../../agent/evidence/pcapng'
import { TAR_END, tarHeader, tarPadding } from '../../agent/evidence/tar'
import { canonicalJson } from '../../wire/canonical'
import type { EvidenceFile, EvidenceManifest } from '../../wire/evidence'
import type { PushBody } from '../../wire/messages'
import { type SimulatedKey, signManifest } from './agent-simulator'

export type SentPacket = { from: string; to: string }

const addressBytes = (address: string): number[] =>
  address.includes(':')
    ? address
        .split(':')
        .flatMap((word) => [Number.parseInt(word || '0', 16) >> 8, Number.parseInt(word || '0', 16) & 255])
    : address.split('.').map(Number)

/** Header of a UDP packet; IPv6 addresses written out in eight words. */
function ipPacket({ from, to }: SentPacket): Buffer {
  const isV6 = from.includes(':')
  const packet = Buffer.alloc(isV6 ? 48 : 28)
  packet[0] = isV6 ? 0x60 : 0x45
  packet[isV6 ? 6 : 9] = 17
  packet.set(addressBytes(from), isV6 ? 8 : 12)
  packet.set(addressBytes(to), isV6 ? 24 : 16)
  return packet
}

/** As the ring is written: pcapng of raw IP. */
export function ringFile(
  packets: readonly SentPacket[],
  atUs = 0,
  later: readonly SentPacket[] = [],
  laterUs = 0,
): Buffer {
  const words = { interfaceName: 'eth0', application: 'test', comment: '' }
  const header = pcapngHeader({ linkType: 101, snapLength: 128, ...words })
  const recorded = (of: readonly SentPacket[], us: number) =>
    of.map((packet) => ({ atUs: us, data: ipPacket(packet), originalLength: 500 }))
  return Buffer.concat([header, pcapngPackets([...recorded(packets, atUs), ...recorded(later, laterUs)])])
}

/** As tcpdump writes: pcap of Ethernet with nanoseconds. */
export function captureFile(packets: readonly SentPacket[]): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b23c4d, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(128, 16)
  header.writeUInt32LE(1, 20)
  const records = packets.map((packet) => {
    const ip = ipPacket(packet)
    const frame = Buffer.concat([Buffer.alloc(12), Buffer.from(packet.from.includes(':') ? '86dd' : '0800', 'hex'), ip])
    const record = Buffer.alloc(16)
    record.writeUInt32LE(frame.length, 8)
    record.writeUInt32LE(500, 12)
    return Buffer.concat([record, frame])
  })
  return Buffer.concat([header, ...records])
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

type Part = { name: string; source: EvidenceFile['source']; content: Buffer; packets: number; kernelDrops?: number }

export type BundleGiven = {
  incidentId: string
  /** As it stands on the wire. */
  nodeId: string
  key: SimulatedKey
  onsetUs: number
  before: readonly SentPacket[]
  /** In the ring as well: crossed the tripwire before it was frozen. */
  crossing?: readonly SentPacket[]
  during: readonly SentPacket[]
}

/** A bundle as a node makes it, its packets made up, and the message that announces it. */
export function createEvidenceBundle(given: BundleGiven) {
  const { incidentId, nodeId, key, onsetUs, before, crossing = [], during } = given
  const ring = ringFile(before, Math.max(0, onsetUs - 5_000_000), crossing, onsetUs)
  const parts: Part[] = [
    { name: 'ring.pcapng', source: 'ring', content: ring, packets: before.length + crossing.length },
    {
      name: 'capture-000.pcap',
      source: 'capture',
      content: captureFile(during),
      packets: during.length,
      kernelDrops: 12,
    },
  ]
  const manifest: EvidenceManifest = {
    format: 'evidence-manifest/1',
    incidentId,
    nodeId,
    createdUs: onsetUs + 45_000_000,
    onsetUs,
    files: parts.map(({ name, source, content, packets, kernelDrops = 0 }) => ({
      name,
      source,
      packets,
      kernelDrops,
      sha256: hashOf(content),
      bytes: content.length,
      firstPacketUs: null,
      lastPacketUs: null,
      timestampResolution: source === 'ring' ? 'us' : 'ns',
      snapLength: 128,
      samplingRate: source === 'ring' ? 8 : 1,
    })),
    packetsBeforeOnset: before.length,
    clock: { source: 'chrony', offsetUs: 42 },
    tool: { name: 'agent', version: '0.1.0' },
    publicKey: key.publicKey,
  }
  const signed = signManifest(manifest, key)
  const content = tarOf([{ name: 'manifest.json', content: Buffer.from(canonicalJson(signed)) }, ...parts])
  const sha256 = hashOf(content)
  const body: Extract<PushBody, { type: 'evidence' }> = {
    type: 'evidence',
    incidentId,
    bundle: { sha256, bytes: content.length },
    signed,
  }
  return { sha256, content, body }
}

export const tarOf = (parts: readonly { name: string; content: Buffer }[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, content }) => [
      tarHeader({ name, bytes: content.length }),
      content,
      Buffer.alloc(tarPadding(content.length)),
    ]),
    TAR_END,
  ])
