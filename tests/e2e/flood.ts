import { uuidv7 } from 'uuidv7'
import type { AgentSimulator } from '../../server/testing/agent-simulator'
import type { IncidentEvent, IncidentReport } from '../../wire/incident'
import type { PushBody } from '../../wire/messages'
import type { Sample } from '../../wire/sample'

const PLAYERS_PPS = 440
const FLOOD_PPS = 104_000
const BYTES = { player: 120, flood: 1_180 }

const rate = (pps: number, bytes: number) => ({ pps, bps: pps * bytes * 8 })
const NOTHING = { pps: 0, bps: 0 }

/** One second as a node measures it, in peace or under a flood that is dropped. */
export function sampleAt(atMs: number, { isFlooded }: { isFlooded: boolean }): Sample {
  const players = PLAYERS_PPS + Math.round(40 * Math.sin(atMs / 7_000) + 25 * Math.sin(atMs / 1_900))
  const flood = isFlooded ? FLOOD_PPS + Math.round(4_000 * Math.sin(atMs / 2_300)) : 0
  const delivered = rate(players, BYTES.player)
  const dropped = rate(flood, BYTES.flood)
  const wire = { pps: players + flood, bps: delivered.bps + dropped.bps }
  return {
    atMs,
    wire,
    dropped,
    delivered,
    out: rate(players, 180),
    protocols: {
      udp: { in: wire, out: rate(players, 180) },
      tcp: { in: NOTHING, out: NOTHING },
      icmp: { in: NOTHING, out: NOTHING },
      other: { in: NOTHING, out: NOTHING },
    },
    synPps: 0,
    interfaces: [{ name: 'eth0', in: wire, out: rate(players, 180), inDropsPps: 0 }],
    connections: 22,
    synBacklog: 0,
    listenDropsPps: 0,
    socketDropsPps: 0,
    softnetDropsPps: 0,
    baseline: { pps: 440, ppsHigh: 580 },
    tripwirePps: 2_400,
    tripwireBurst: 200,
    verifiedClients: 22,
  }
}

type Step = 'opened' | 'rule_installed' | 'mitigated' | 'ending' | 'resolved'

const TEXTS: Record<Step, string> = {
  opened: 'DNS reflection to port 27015, certain',
  rule_installed: 'Rule in the kernel: drop UDP from source port 53',
  mitigated: 'Delivered traffic is back in its normal band',
  ending: 'The flood has ebbed; rules stay for the hold time',
  resolved: 'Quiet for the hold time; rules withdrawn',
}

const AFTER_MS: Record<Step, number> = {
  opened: 5.2,
  rule_installed: 9.4,
  mitigated: 1_240,
  ending: 32_100,
  resolved: 42_200,
}
const ORDER: Step[] = ['opened', 'rule_installed', 'mitigated', 'ending', 'resolved']
const STATE = {
  opened: 'confirmed',
  rule_installed: 'mitigating',
  mitigated: 'mitigated',
  ending: 'ending',
  resolved: 'resolved',
} as const

/** An incident as a node tells it, step by step; `startMs` is the first packet over the tripwire. */
export function createFlood({
  startMs,
  id = uuidv7(),
  lossOfVerified = 0,
}: {
  startMs: number
  id?: string
  /** Share of verified clients' packets that the cut takes. */
  lossOfVerified?: number
}) {
  const micros = (afterMs: number) => Math.round((startMs + afterMs) * 1_000)
  const reached = (now: Step, step: Step) => (ORDER.indexOf(now) >= ORDER.indexOf(step) ? micros(AFTER_MS[step]) : null)

  const report = (step: Step): IncidentReport => {
    const seconds = AFTER_MS[step] / 1_000
    const isOver = step === 'ending' || step === 'resolved'
    const hits = reached(step, 'rule_installed') === null ? 0 : Math.round(FLOOD_PPS * Math.min(seconds, 32))
    const players = rate(PLAYERS_PPS, BYTES.player)
    const flood = isOver ? NOTHING : rate(FLOOD_PPS, BYTES.flood)
    return {
      id,
      revision: ORDER.indexOf(step) + 1,
      state: STATE[step],
      score: 0.98,
      target: { addresses: ['203.0.113.10'], ports: [27_015] },
      vectors: [
        {
          id: 'dns_amp',
          confidence: 0.97,
          share: 1,
          startUs: micros(0),
          endUs: isOver ? micros(32_000) : null,
          targetPort: 27_015,
        },
      ],
      reasons: [
        { term: 'volume', value: 237, unit: 'times', normal: { low: 0.4, high: 1.8 }, strength: 0.99 },
        { term: 'unsolicited', value: 0.97, unit: 'ratio', normal: { low: 0, high: 0.02 }, strength: 0.98 },
        { term: 'new_sources', value: 0.99, unit: 'ratio', normal: { low: 0.01, high: 0.22 }, strength: 0.9 },
        { term: 'length_spread', value: 0.08, unit: 'ratio', normal: { low: 0.4, high: 0.8 }, strength: 0.7 },
        { term: 'ttl_spread', value: 0.61, unit: 'ratio', normal: null, strength: 0.2 },
        { term: 'service_share', value: 0.99, unit: 'ratio', normal: { low: 0.9, high: 1 }, strength: 0.02 },
      ],
      rules:
        reached(step, 'rule_installed') === null
          ? []
          : [
              {
                id: 'cut-1',
                vectorId: 'dns_amp',
                level: 'L1',
                action: 'drop',
                words: 'Drop UDP from source port 53 to this node, except to and from verified clients',
                nft: 'udp sport 53 meta mark & 0x40000000 == 0 counter drop',
                installedUs: micros(AFTER_MS.rule_installed),
                removedUs: step === 'resolved' ? micros(AFTER_MS.resolved - 100) : null,
                packets: hits,
                bytes: hits * BYTES.flood,
              },
            ],
      stages: {
        trippedUs: micros(0),
        detectedUs: micros(AFTER_MS.opened),
        ruleInKernelUs: reached(step, 'rule_installed'),
        evidenceSecuredUs: reached(step, 'mitigated') === null ? null : micros(44),
        mitigatedUs: reached(step, 'mitigated'),
        endingUs: reached(step, 'ending'),
        resolvedUs: reached(step, 'resolved'),
      },
      traffic: {
        wire: { pps: players.pps + flood.pps, bps: players.bps + flood.bps },
        dropped: flood,
        delivered: players,
        peakWire: rate(112_430, 1_140),
        wirePackets: hits + Math.round(PLAYERS_PPS * seconds) + 900,
        droppedPackets: hits,
        droppedBytes: hits * BYTES.flood,
      },
      baseline: { pps: 440, ppsHigh: 580 },
      verifiedClients: {
        count: 22,
        packetsIn: Math.round(PLAYERS_PPS * seconds),
        packetsPastCut: Math.round(PLAYERS_PPS * seconds * (1 - lossOfVerified)),
        socketBufferDrops: 0,
      },
      evidence:
        reached(step, 'mitigated') === null
          ? null
          : { state: 'recording', bundleSha256: null, packets: 20_412, packetsBeforeOnset: 871, bytes: 5_212_000 },
      policy: { name: 'conservative', version: 1 },
    }
  }
  const event = (step: Step): IncidentEvent => ({ atUs: micros(AFTER_MS[step]), kind: step, text: TEXTS[step] })
  return { id, body: (step: Step) => ({ type: 'incident' as const, event: event(step), report: report(step) }) }
}

const surgeBody = ({ id, atMs, endMs }: { id: string; atMs: number; endMs: number | null }): PushBody => ({
  type: 'surge',
  surge: {
    id,
    atUs: atMs * 1_000,
    endUs: endMs === null ? null : endMs * 1_000,
    peakWire: rate(3_520, BYTES.player),
    score: 0.08,
    reasons: [
      { term: 'volume', value: 8, unit: 'times', normal: { low: 0.4, high: 1.8 }, strength: 0.7 },
      { term: 'reaction', value: 0.96, unit: 'ratio', normal: { low: 0.9, high: 1 }, strength: 0.01 },
      { term: 'ramp', value: 0.3, unit: 'ratio', normal: { low: 0, high: 0.5 }, strength: 0.04 },
      { term: 'length_spread', value: 0.7, unit: 'ratio', normal: { low: 0.4, high: 0.8 }, strength: 0.03 },
    ],
  },
})

/** Keeps the sequences of a simulated node, so that stories only say what it reports. */
export function reportFrom(agent: AgentSimulator) {
  const next = { incidents: agent.welcome.cursors.incidents, samples: agent.welcome.cursors.samples }
  const accepted = async (ack: Awaited<ReturnType<AgentSimulator['push']>>) => {
    if (!ack.ok) throw new Error(`the gateway refused: ${ack.error.code}, ${ack.error.message}`)
  }
  return {
    samples: async (samples: Sample[]) => {
      for (let from = 0; from < samples.length; from += 100) {
        await accepted(
          await agent.push('samples', ++next.samples, { type: 'samples', samples: samples.slice(from, from + 100) }),
        )
      }
    },
    surge: async ({ atMs, endMs }: { atMs: number; endMs: number | null }) => {
      const id = uuidv7()
      const tell = async (end: number | null) =>
        accepted(await agent.push('incidents', ++next.incidents, surgeBody({ id, atMs, endMs: end })))
      await tell(endMs)
      return { end: () => tell(Date.now()) }
    },
    evidence: async (body: PushBody) => accepted(await agent.push('incidents', ++next.incidents, body)),
    flood: async (flood: ReturnType<typeof createFlood>, ...steps: Step[]) => {
      for (const step of steps) await accepted(await agent.push('incidents', ++next.incidents, flood.body(step)))
    },
  }
}

/** Whole seconds up to now, oldest first. */
export function lastSeconds(count: number, nowMs = Date.now()): number[] {
  const end = Math.floor(nowMs / 1_000) * 1_000
  return Array.from({ length: count }, (_, index) => end - (count - 1 - index) * 1_000)
}
