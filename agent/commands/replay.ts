import { readFile } from 'node:fs/promises'
import { VECTORS } from '../../wire/vectors'
import type { GlobalOptions } from '../config'
import { readCapture } from '../evidence/read-capture'
import { histogram } from '../judge/composition'
import { type Rehearsal, rehearse } from '../judge/rehearse'
import { decodePacket, IPPROTO, type Packet } from '../sense/packet'

export type ReplayOptions = GlobalOptions & {
  json?: boolean
  /** Even pace in packets each second instead of the recorded times. */
  pps?: number
  /** Ports the recorded host serves; guessed from the recording otherwise. */
  udp?: number[]
  tcp?: number[]
}

/** Runs detection over a recorded capture in virtual time and prints what it would have done. */
export async function replay(file: string, options: ReplayOptions): Promise<void> {
  const packets = await loadPackets(file, options.pps)
  const services = { udp: options.udp ?? guessUdpServices(packets), tcp: options.tcp ?? [] }
  const rehearsal = rehearse(packets, services)
  process.stdout.write(options.json ? `${JSON.stringify(toJson(file, rehearsal))}\n` : describe(file, rehearsal))
}

/** IP packets of a capture, in the order of their time. @param pps re-paces them evenly when given. */
export async function loadPackets(file: string, pps?: number): Promise<Packet[]> {
  const { packets } = readCapture(await readFile(file))
  const decoded = packets.flatMap(({ atUs, data, ipOffset }) => {
    const packet = ipOffset < 0 ? null : decodePacket(data.subarray(ipOffset), atUs)
    return packet ? [packet] : []
  })
  const first = decoded[0]?.atUs ?? 0
  if (pps) return decoded.map((packet, at) => ({ ...packet, atUs: first + Math.round((at * 1e6) / pps) }))
  return decoded.sort((a, b) => a.atUs - b.atUs)
}

const SERVICE_SHARE = 0.5

/** A recording does not say who serves: a port that draws half of the UDP packets of one address is taken for a service. */
export function guessUdpServices(packets: readonly Packet[]): number[] {
  const udp = packets.filter((packet) => packet.protocol === IPPROTO.udp && packet.fragment !== 'later')
  return [...histogram(udp, (packet) => packet.destinationPort)]
    .filter(([, hits]) => hits >= udp.length * SERVICE_SHARE)
    .map(([port]) => port)
}

function toJson(file: string, { incidents, surges, packets, durationMs }: Rehearsal) {
  return {
    file,
    packets,
    durationMs,
    surges,
    incidents: incidents.map(({ verdict, detectedMs, words, packetsAfter, droppedAfter }) => ({
      detectedMs,
      score: verdict.score,
      vectors: verdict.findings.map(({ vectorId, confidence, share, targetPort }) => ({
        id: vectorId,
        family: VECTORS[vectorId].family,
        confidence,
        share,
        targetPort,
      })),
      reasons: verdict.reasons,
      rules: words,
      droppedShare: packetsAfter === 0 ? null : droppedAfter / packetsAfter,
    })),
  }
}

function describe(file: string, { incidents, surges, packets, durationMs }: Rehearsal): string {
  const lines = [`${file}: ${packets} packets in ${(durationMs / 1000).toFixed(3)} s`]
  if (incidents.length + surges.length === 0)
    lines.push('Nothing that would have crossed a tripwire and been an attack.')
  for (const surge of surges)
    lines.push(`Surge after ${surge.atMs.toFixed(0)} ms: no attack (score ${surge.score.toFixed(2)}).`)
  for (const { verdict, detectedMs, words, packetsAfter, droppedAfter } of incidents) {
    lines.push(`Incident after ${detectedMs.toFixed(1)} ms, score ${verdict.score.toFixed(2)}:`)
    for (const { vectorId, share, confidence } of verdict.findings)
      lines.push(
        `  ${VECTORS[vectorId].name}: ${Math.round(share * 100)} % of the sample, confidence ${confidence.toFixed(2)}`,
      )
    for (const sentence of words) lines.push(`  ${sentence}`)
    lines.push(`  ${droppedAfter} of ${packetsAfter} packets after the verdict would have been dropped.`)
  }
  return `${lines.join('\n')}\n`
}
