import { isSyn } from '../judge/composition'
import type { SampledPacket, TickRates } from '../judge/state'
import { type Cut, VERIFIED_AGE_SECONDS } from '../mitigate/ruleset'
import { IPPROTO, type Packet } from './packet'
import { SAMPLING, type Tripwires } from './ruleset'

/** Token bucket as nft's `limit rate over`: true when the packet is over the limit. */
function bucket(pps: number, burst: number): (atUs: number) => boolean {
  let tokens = burst
  let lastUs: number | null = null
  return (atUs) => {
    if (lastUs !== null) tokens = Math.min(burst, tokens + (Math.max(0, atUs - lastUs) * pps) / 1e6)
    lastUs = atUs
    if (tokens < 1) return true
    tokens -= 1
    return false
  }
}

const REMEMBERED_MAX = 65_535

/**
 * The sense table on recorded packets: the same tripwires, the same bounded sample, in virtual time, and the same
 * rule of who is verified: two-way traffic, first seen long enough ago.
 */
export function createRecordedSense(tripwires: Tripwires) {
  let overUdp = bucket(tripwires.udp.pps, tripwires.udp.burst)
  let overSyn = bucket(tripwires.syn.pps, tripwires.syn.burst)
  const overSample = bucket(SAMPLING.looking.pps, SAMPLING.looking.burst)
  const overHeld = bucket(SAMPLING.dropping.pps, SAMPLING.dropping.burst)
  const overTap = bucket(50, 50)
  const firstSeenUs = new Map<string, number>()
  const talked = new Set<string>()

  function isVerified({ atUs, source, destination }: Packet): boolean {
    const since = firstSeenUs.get(source)
    const answered = talked.has(`${destination}>${source}`)
    if (since === undefined && firstSeenUs.size < REMEMBERED_MAX) firstSeenUs.set(source, atUs)
    if (talked.size < REMEMBERED_MAX) talked.add(`${source}>${destination}`)
    return since !== undefined && answered && atUs - since >= VERIFIED_AGE_SECONDS * 1e6
  }

  const sampled = (packet: Packet, tap: SampledPacket['tap'], marked: boolean): SampledPacket => ({
    packet,
    tap,
    marked,
  })
  return {
    arm({ udp, syn }: Tripwires): void {
      overUdp = bucket(udp.pps, udp.burst)
      overSyn = bucket(syn.pps, syn.burst)
    },
    /** What the kernel would hand to the agent of this packet, which `cut` drops; null for nothing. */
    offer(packet: Packet, cut: Cut | null): SampledPacket | null {
      const marked = isVerified(packet)
      if (cut) return cut.action === 'drop' || overHeld(packet.atUs) ? null : sampled(packet, 'held', marked)
      if (packet.protocol === IPPROTO.udp && overUdp(packet.atUs))
        return overSample(packet.atUs) ? null : sampled(packet, 'udp', marked)
      if (isSyn(packet) && overSyn(packet.atUs)) return overSample(packet.atUs) ? null : sampled(packet, 'syn', marked)
      return overTap(packet.atUs) ? null : sampled(packet, 'peace', marked)
    },
  }
}

function hitRates(dropped: readonly { cut: string }[], seconds: number): Map<string, number> {
  const hits = new Map<string, number>()
  for (const { cut } of dropped) hits.set(cut, (hits.get(cut) ?? 0) + 1 / seconds)
  return hits
}

/** Counters of one stretch of recorded time. */
export function countRecorded(
  packets: readonly Packet[],
  dropped: readonly { packet: Packet; cut: string }[],
  seconds: number,
): TickRates {
  const rate = (list: readonly Packet[]) => ({
    pps: list.length / seconds,
    bps: (list.reduce((sum, packet) => sum + packet.length, 0) * 8) / seconds,
  })
  const of = (protocol: number): number => packets.filter((packet) => packet.protocol === protocol).length / seconds
  const wire = rate(packets)
  const gone = rate(dropped.map(({ packet }) => packet))
  return {
    wire,
    udpPps: of(IPPROTO.udp),
    tcpPps: of(IPPROTO.tcp),
    synPps: packets.filter(isSyn).length / seconds,
    outPps: 0,
    dropped: gone,
    delivered: { pps: wire.pps - gone.pps, bps: wire.bps - gone.bps },
    hits: hitRates(dropped, seconds),
    distressPps: 0,
  }
}
