import { packetCount, percent, span } from '../app/_lib/figures'
import { howPlayersAre, verifiedLoss } from '../app/_lib/sentence'
import type { Report, ReportedIncident } from '../server/services/reports/report'
import type { Block, ChartPoint } from './document'
import { bps, endedMs, lastedMs, placeOf, playersLost, pps, ruleAfterMs, startedMs, vectorNames } from './figures-of'
import type { When } from './when'

export const heading = (text: string, level: 2 | 3 = 2): Block => ({ kind: 'heading', level, text })
export const text = (words: string, tone: 'lead' | 'plain' | 'quiet' = 'plain'): Block => ({
  kind: 'text',
  text: words,
  tone,
})

/** What the whole report is about, as a sentence or two. */
export function inShort({ incidents, scope, madeMs }: Report): string {
  if (incidents.length === 0) return 'No attack was seen.'
  const dropped = incidents.reduce((sum, { report }) => sum + report.traffic.droppedPackets, 0)
  const [only] = incidents
  if (scope.kind === 'incident' && only) {
    const after = ruleAfterMs(only)
    const cut = after === null ? 'No packet was dropped.' : `Dropped from ${span(after)} after the first packet on.`
    const end = endedMs(only) === null ? 'It goes on.' : `Over after ${span(lastedMs(only, madeMs))}.`
    return `${cut} ${end} ${howPlayersAre({ verified: only.report.verifiedClients })}`
  }
  const many = incidents.length === 1 ? 'One attack' : `${incidents.length} attacks`
  return `${many}; ${packetCount(dropped)} packets were dropped.`
}

/** One line an incident: when, where, what, how long, how big, what players lost. */
export const incidentTable = ({ incidents, madeMs }: Report, when: When): Block => ({
  kind: 'table',
  label: 'Incidents',
  columns: [
    { name: 'Began', width: 0.17 },
    { name: 'Where', width: 0.25 },
    { name: 'What', width: 0.22 },
    { name: 'Lasted', width: 0.11, isFigure: true },
    { name: 'Peak', width: 0.11, isFigure: true },
    { name: 'Players lost', width: 0.14, isFigure: true },
  ],
  rows: incidents.map((incident) => [
    when.full(startedMs(incident)),
    placeOf(incident),
    vectorNames(incident),
    endedMs(incident) === null ? 'going on' : span(lastedMs(incident, madeMs)),
    pps(incident.report.traffic.peakWire.pps),
    playersLost(incident),
  ]),
})

/** What the node counted, in packets and bits. */
export function trafficFacts({ report }: ReportedIncident): Block {
  const { traffic, verifiedClients: verified } = report
  const share = traffic.wirePackets === 0 ? 0 : traffic.droppedPackets / traffic.wirePackets
  const loss = verifiedLoss(verified)
  return {
    kind: 'facts',
    rows: [
      { name: 'Peak on the wire', value: `${pps(traffic.peakWire.pps)}, ${bps(traffic.peakWire.bps)}` },
      { name: 'Packets on the wire since the rule stood', value: packetCount(traffic.wirePackets) },
      { name: 'Dropped by our rules', value: `${packetCount(traffic.droppedPackets)} packets, ${percent(share, 1)}` },
      { name: 'Players verified before the attack', value: String(verified.count) },
      {
        name: 'Their packets past our rules',
        value: `${packetCount(verified.packetsPastCut)} of ${packetCount(verified.packetsIn)}`,
      },
      { name: 'Lost in full socket buffers', value: packetCount(verified.socketBufferDrops) },
      { name: 'Lost altogether', value: loss === 0 ? '0 %' : percent(loss, 3) },
    ],
  }
}

const POINTS_MAX = 300

/** Wire and delivered over time; of many seconds the highest of each stretch is drawn, and the reader told so. */
export function trafficChart(incident: ReportedIncident): Block[] {
  const { samples } = incident
  if (samples.length < 2)
    return [text('No per-second samples of this incident are stored any more, so no chart is drawn.', 'quiet')]
  const seconds = Math.ceil(samples.length / POINTS_MAX)
  const points: ChartPoint[] = []
  for (let at = 0; at < samples.length; at += seconds) {
    const stretch = samples.slice(at, at + seconds)
    points.push({
      atMs: stretch[0]?.atMs ?? 0,
      wirePps: Math.max(...stretch.map(({ wire }) => wire.pps)),
      deliveredPps: Math.max(...stretch.map(({ delivered }) => delivered.pps)),
      usualPpsHigh: stretch[0]?.baseline?.ppsHigh ?? null,
    })
  }
  const label = `Packets a second to ${incident.nodeName}: on the wire and delivered`
  return [{ kind: 'chart', label, points, startedMs: startedMs(incident), endedMs: endedMs(incident), seconds }]
}

export const LIMITS =
  'Figures are those the node counted in its kernel and the platform stored; what happened on the way to the server, beyond its network card, cannot be seen from it.'
