import { V7Generator } from 'uuidv7'
import type { IncidentEvent, IncidentReport } from '../../wire/incident'
import { VECTORS, type VectorId } from '../../wire/vectors'

/** One flood of the seed: what reports and samples both tell. */
export type Flood = {
  nodeId: string
  startMs: number
  endMs: number
  vector: VectorId
  pps: number
  /** Bytes of one packet of it. */
  bytes: number
  players: number
}

const SHAPES: readonly Pick<Flood, 'vector' | 'bytes'>[] = [
  { vector: 'dns_amp', bytes: 1_180 },
  { vector: 'udp_flood_fixed', bytes: 512 },
  { vector: 'syn_flood', bytes: 60 },
  { vector: 'ntp_monlist', bytes: 468 },
  { vector: 'memcached_amp', bytes: 1_428 },
  { vector: 'udp_flood_random', bytes: 640 },
  { vector: 'ssdp_amp', bytes: 350 },
  { vector: 'cldap_amp', bytes: 1_470 },
]
export const PLAYER_BYTES = 120
const PLAYERS_PPS = 900
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Ids of their time, as nodes make them. */
const ids = new V7Generator()

/** The same numbers for the same seed: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** `count` floods on these nodes between the two moments, oldest first; evenings are worse than mornings. */
export function planFloods(nodeIds: readonly string[], count: number, fromMs: number, toMs: number): Flood[] {
  const random = createRandom(400)
  const floods = Array.from({ length: count }, () => {
    const startMs = Math.floor(fromMs + Math.sqrt(random()) * (toMs - fromMs - 15 * MINUTE_MS))
    const shape = SHAPES[Math.floor(random() * SHAPES.length)] as (typeof SHAPES)[number]
    return {
      ...shape,
      nodeId: nodeIds[Math.floor(random() * nodeIds.length)] as string,
      startMs,
      endMs: startMs + Math.round((0.5 + random() * 9) * MINUTE_MS),
      pps: Math.round(60_000 * 15 ** random()),
      players: 8 + Math.floor(random() * 40),
    }
  })
  return floods.sort((left, right) => left.startMs - right.startMs)
}

const rate = (pps: number, bytes: number) => ({ pps, bps: pps * bytes * 8 })
const sum = (left: { pps: number; bps: number }, right: { pps: number; bps: number }) => ({
  pps: left.pps + right.pps,
  bps: left.bps + right.bps,
})

/** What the node would have reported when it opened the incident, and when all was over. */
export function reportsOf(flood: Flood): { event: IncidentEvent; report: IncidentReport }[] {
  const startUs = flood.startMs * 1_000
  const stages = {
    trippedUs: startUs + 3_100,
    detectedUs: startUs + 7_400,
    ruleInKernelUs: startUs + 9_200,
    evidenceSecuredUs: startUs + 94_000,
    mitigatedUs: startUs + 1_240_000,
    endingUs: flood.endMs * 1_000,
    resolvedUs: flood.endMs * 1_000 + 25_000_000,
  }
  const id = ids.generateOrResetCore(flood.startMs, DAY_MS).toString()
  const words = `${VECTORS[flood.vector].name} to port 27015`
  const soon = { evidenceSecuredUs: null, mitigatedUs: null, endingUs: null, resolvedUs: null }
  const opened = reportAt(flood, {
    id,
    revision: 1,
    state: 'mitigating',
    stages: { ...stages, ...soon },
    seconds: 0.01,
  })
  const seconds = (flood.endMs - flood.startMs) / 1_000
  const resolved = reportAt(flood, { id, revision: 2, state: 'resolved', stages, seconds })
  return [
    { event: { atUs: stages.detectedUs, kind: 'opened', text: `${words}, certain` }, report: opened },
    {
      event: { atUs: stages.resolvedUs, kind: 'resolved', text: 'Quiet for the hold time; rules withdrawn' },
      report: resolved,
    },
  ]
}

type Moment = Pick<IncidentReport, 'id' | 'revision' | 'state' | 'stages'> & { seconds: number }

function reportAt(flood: Flood, { seconds, ...moment }: Moment): IncidentReport {
  const { vector, pps, bytes, players } = flood
  const dropped = rate(pps, bytes)
  const delivered = rate(PLAYERS_PPS, PLAYER_BYTES)
  const packets = Math.round(pps * seconds)
  const isOver = moment.state === 'resolved'
  return {
    ...moment,
    score: 0.97,
    target: { addresses: ['203.0.113.10'], ports: [27_015] },
    vectors: [
      {
        id: vector,
        confidence: 0.94,
        share: 1,
        startUs: moment.stages.trippedUs,
        endUs: moment.stages.endingUs,
        targetPort: 27_015,
      },
    ],
    reasons: [
      {
        term: 'volume',
        value: pps / PLAYERS_PPS,
        unit: 'times',
        normal: { low: 0.7, high: 1.4 },
        strength: 0.95,
      },
      { term: 'fingerprint', value: 0.99, unit: 'ratio', normal: { low: 0, high: 0.3 }, strength: 0.9 },
    ],
    rules: [
      {
        id: 'r1',
        vectorId: vector,
        level: 'L1',
        action: 'drop',
        words: `${VECTORS[vector].name}: packets of ${bytes} bytes to port 27015`,
        nft: `udp dport 27015 meta length ${bytes} drop`,
        installedUs: moment.stages.ruleInKernelUs as number,
        removedUs: moment.stages.resolvedUs,
        packets,
        bytes: packets * bytes,
      },
    ],
    traffic: {
      wire: isOver ? delivered : sum(dropped, delivered),
      dropped: isOver ? rate(0, bytes) : dropped,
      delivered,
      peakWire: sum(dropped, delivered),
      wirePackets: packets + Math.round(PLAYERS_PPS * seconds),
      droppedPackets: packets,
      droppedBytes: packets * bytes,
    },
    baseline: { pps: PLAYERS_PPS, ppsHigh: PLAYERS_PPS * 1.4 },
    verifiedClients: {
      count: players,
      packetsIn: Math.round(PLAYERS_PPS * seconds),
      packetsPastCut: Math.round(PLAYERS_PPS * seconds),
      socketBufferDrops: 0,
    },
    evidence: null,
    policy: { name: 'default', version: 0 },
  }
}
