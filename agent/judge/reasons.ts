import type { Reason } from '../../wire/incident'
import type { Packet } from '../sense/packet'
import type { Band } from './baseline'
import type { Finding, Services } from './classify'
import { isSyn, lengthEntropy, shareOf, sourceSpread, ttlEntropy } from './composition'

/** What the judge weighs: a sample of suspect packets beside this node's own peace. */
export type Evidence = {
  suspects: readonly Packet[]
  findings: readonly Finding[]
  clean: readonly Packet[]
  services: Services
  /** Sources seen in peace, and how many of the clean packets came from each. */
  sourceCounts: ReadonlyMap<string, number>
  band: Band | null
  /** Packets each second on the wire now, and in the last full second before. */
  wirePps: number
  beforePps: number
  /** Growth of what this node sends, as a multiple; null in the first moments. */
  outGrowth: number | null
  /** Packets each second lost for want of CPU or buffers. */
  distressPps: number
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))
const doublings = (ratio: number, full: number): number => clamp(Math.log2(Math.max(ratio, 1)) / full)
const aboveHalf = (share: number): number => clamp((share - 0.5) * 2)

const isReflection = (finding: Finding): boolean =>
  finding.matches?.some((match) => match.sourcePorts !== undefined || match.sourcePortRange !== undefined) === true &&
  finding.certain

/** Every term of the verdict with its value, its normal band and how strongly it speaks for an attack. */
export function weigh(evidence: Evidence): Reason[] {
  const { suspects, findings, clean, services, band } = evidence
  const usual = Math.max(band?.ppsHigh ?? 0, 50)
  const spread = sourceSpread(suspects)
  const unknown = shareOf(suspects, (packet) => !evidence.sourceCounts.has(packet.source))
  const unsolicited = sumShares(findings.filter(isReflection))
  const foreign = shareOf(suspects, (packet) => !isForService(packet, services))
  const covered = Math.max(0, ...findings.map((finding) => finding.share * finding.coverage))
  const syns = suspects.filter(isSyn)
  const cleanLength = clean.length >= 64 ? lengthEntropy(clean.slice(-256)) : null
  const lengths = lengthEntropy(suspects)
  const ttls = ttlEntropy(suspects)
  const ramp = doublings(evidence.wirePps / Math.max(evidence.beforePps, 10) / 2, 4)
  const crowd = crowdOf(evidence)
  return [
    reason(
      'volume',
      evidence.wirePps,
      'pps',
      band && { low: 0, high: band.ppsHigh },
      doublings(evidence.wirePps / usual, 3),
    ),
    reason('ramp', evidence.wirePps / Math.max(evidence.beforePps, 10), 'times', { low: 0, high: 2 }, ramp),
    reason('unsolicited', unsolicited, 'ratio', { low: 0, high: 0.075 }, clamp(unsolicited / 0.5)),
    reason('new_sources', unknown, 'ratio', { low: 0, high: 0.5 }, aboveHalf(unknown)),
    reason(
      'source_spread',
      spread,
      'ratio',
      { low: 0, high: Math.max(SPREAD_USUAL, crowd?.spread ?? 0) },
      Math.min(clamp((spread - SPREAD_USUAL) / 0.3), crowd ? unlikeCrowd(suspects.length, spread, crowd, ramp) : 1),
    ),
    reason(
      'length_spread',
      lengths,
      'ratio',
      cleanLength === null ? null : { low: cleanLength / 2, high: 1 },
      cleanLength === null ? 0 : clamp(1 - lengths / Math.max(cleanLength / 2, 0.01)),
    ),
    reason('ttl_spread', ttls, 'ratio', { low: 0.05, high: 1 }, spread > 0.5 ? clamp(1 - ttls / 0.05) : 0),
    reason('fingerprint', covered, 'ratio', { low: 0, high: 0.2 }, aboveHalf(covered)),
    reason(
      'handshake',
      syns.length === 0 ? 1 : shareOf(syns, (packet) => evidence.sourceCounts.has(packet.source)),
      'ratio',
      { low: 0.5, high: 1 },
      handshakeFailure(syns, suspects.length, evidence),
    ),
    reason('service_share', 1 - foreign, 'ratio', { low: 0.8, high: 1 }, aboveHalf(foreign)),
    ...(evidence.outGrowth === null
      ? []
      : [reason('reaction', evidence.outGrowth, 'times', { low: 0.5, high: 100 }, reactionMissing(evidence))]),
    reason('distress', evidence.distressPps, 'pps', { low: 0, high: 0 }, clamp(evidence.distressPps / 1_000)),
  ]
}

const SPREAD_USUAL = 0.6
/** A newcomer may send this many times less often than who was here in peace, and still be audience. */
const QUIETER = 10
/** So many expected repeats make their absence telling. */
const REPEATS_MIN = 8
const CLEAN_MIN = 64

type Crowd = { spread: number; repeats: number }

/**
 * What the sample would show of an audience: as many newcomers as explain the rise, each sending like the regulars of
 * peace, only less often. Where peace has no regulars, nobody is expected twice. Null while peace is not known.
 */
function crowdOf({ clean, sourceCounts, band, wirePps, suspects }: Evidence): Crowd | null {
  if (clean.length < CLEAN_MIN || !band || suspects.length === 0) return null
  let regulars = 0
  let packets = 0
  for (const count of sourceCounts.values()) {
    if (count < 2) continue
    regulars += 1
    packets += count
  }
  if (packets < clean.length / 2) return { spread: 1, repeats: 0 }
  const regularPps = (band.pps * packets) / clean.length / regulars
  const size = Math.max(1, ((wirePps - band.pps) * QUIETER) / Math.max(regularPps, 1e-6))
  const distinct = size * -Math.expm1(-suspects.length / size)
  return { spread: distinct / suspects.length, repeats: suspects.length - distinct }
}

/** Players come again within the sample, forged senders do not. Too few packets to tell: then only a step tells. */
const unlikeCrowd = (packets: number, spread: number, crowd: Crowd, ramp: number): number =>
  crowd.repeats < REPEATS_MIN ? ramp : clamp(1 - (packets * (1 - spread)) / crowd.repeats)

function reason(
  term: Reason['term'],
  value: number,
  unit: Reason['unit'],
  normal: Reason['normal'],
  strength: number,
): Reason {
  return { term, value: Number(value.toPrecision(4)), unit, normal, strength: Number(strength.toFixed(3)) }
}

const sumShares = (findings: readonly Finding[]): number => findings.reduce((sum, finding) => sum + finding.share, 0)

const isForService = (packet: Packet, services: Services): boolean =>
  packet.protocol === 17
    ? services.udp.includes(packet.destinationPort)
    : packet.protocol === 6 && services.tcp.includes(packet.destinationPort)

/** SYNs from senders that never completed a handshake with this node. */
function handshakeFailure(syns: readonly Packet[], total: number, { sourceCounts }: Evidence): number {
  if (syns.length < total * 0.5) return 0
  return aboveHalf(1 - shareOf(syns, (packet) => sourceCounts.has(packet.source)))
}

/** Served audiences make the node send more; a flood does not. */
function reactionMissing({ outGrowth, wirePps, beforePps }: Evidence): number {
  const inGrowth = wirePps / Math.max(beforePps, 10)
  return inGrowth < 2 || outGrowth === null ? 0 : clamp(1 - outGrowth / inGrowth)
}

/** Terms of which at least one must be strong: volume alone is a surge, not an attack. */
const GATE: ReadonlySet<Reason['term']> = new Set(['unsolicited', 'fingerprint', 'handshake', 'service_share'])
const STRONG = 0.6

/** Forged senders: each packet from an address never seen, and none comes twice. */
const forged = (strengthOf: (term: Reason['term']) => number): number =>
  Math.min(strengthOf('new_sources'), strengthOf('source_spread'))

/**
 * Probability that this is an attack. Logistic over the terms; without one strong term of composition it stays
 * below one half however loud the traffic is.
 */
export function attackScore(reasons: readonly Reason[]): number {
  const strengthOf = (term: Reason['term']): number => reasons.find((one) => one.term === term)?.strength ?? 0
  const gate = Math.max(forged(strengthOf), ...[...GATE].map((term) => gateStrength(term, strengthOf)))
  const logit =
    -5 +
    2.5 * strengthOf('volume') +
    1.2 * strengthOf('ramp') +
    4 * gate +
    1.5 * forged(strengthOf) +
    0.8 * strengthOf('length_spread') +
    0.8 * strengthOf('ttl_spread') +
    0.8 * strengthOf('reaction') +
    0.5 * strengthOf('distress')
  const score = 1 / (1 + Math.exp(-logit))
  return gate >= STRONG ? score : Math.min(score, 0.45)
}

/** A fingerprint counts in full only when its senders are new: a client update can change an audience's packets. */
const gateStrength = (term: Reason['term'], strengthOf: (term: Reason['term']) => number): number =>
  term === 'fingerprint' ? Math.min(strengthOf(term), strengthOf('new_sources')) : strengthOf(term)
