import { packetCount, percent, span } from '../app/_lib/figures'
import type { ReportedIncident } from '../server/services/reports/report'
import type { Block } from './document'
import { endedMs, lastedMs, median, ruleAfterMs, startedMs, timeUnder } from './figures-of'
import { heading, text } from './shared'
import type { Told } from './tell'

/** Availability in plain words: no addresses, no rates, no names of servers where they belong to a match. */
export function tellSponsor({ report, when }: Told): Block[] {
  const { incidents, scope, madeMs, nodeCount } = report
  const first = incidents[0]
  const fromMs =
    scope.kind === 'incident' && first ? startedMs(first) : scope.kind === 'incident' ? madeMs : scope.fromMs
  const toMs = scope.kind === 'incident' ? (first && endedMs(first)) || madeMs : Math.min(scope.toMs, madeMs)
  const underMs = timeUnder(incidents, fromMs, toMs)
  const players = playersOf(incidents)
  const rules = incidents.map(ruleAfterMs).filter((ms) => ms !== null)
  return [
    text(lead(incidents, players), 'lead'),
    {
      kind: 'facts',
      rows: [
        ...(scope.kind === 'incident' ? [] : [{ name: 'Servers watched', value: String(nodeCount) }]),
        { name: 'Attacks', value: String(incidents.length) },
        ...(scope.kind === 'incident'
          ? [{ name: 'Time under attack', value: span(underMs) }]
          : [
              {
                name: 'Time with at least one server under attack',
                value: `${span(underMs)} of ${span(Math.max(0, toMs - fromMs))}`,
              },
            ]),
        ...(players.packetsIn === 0
          ? []
          : [{ name: 'Players’ packets that got through during attacks', value: percent(players.through, 2) }]),
        ...(rules.length === 0
          ? []
          : [
              {
                name:
                  rules.length === 1
                    ? 'Countermeasure in place after'
                    : 'Countermeasure in place after, half of the time',
                value: span(median(rules) as number),
              },
            ]),
        { name: 'Attack packets kept away from the servers', value: packetCount(droppedBy(incidents)) },
      ],
    },
    heading('What happened'),
    ...(incidents.length === 0
      ? [text('Nothing: no attack was seen in this time.')]
      : [
          {
            kind: 'table' as const,
            label: 'Attacks',
            columns: [
              { name: 'When', width: 0.26 },
              { name: 'Where', width: 0.32 },
              { name: 'Lasted', width: 0.16, isFigure: true },
              { name: 'For players', width: 0.26 },
            ],
            rows: incidents.map((incident) => [
              when.full(startedMs(incident)),
              incident.places.at(-1) ?? incident.nodeName,
              endedMs(incident) === null ? 'going on' : span(lastedMs(incident, madeMs)),
              forPlayers(incident),
            ]),
          },
        ]),
    text(
      'Players are those whose connection was known before the attack. Their packets are counted when they reach the server’s network card and again when they have passed our rules.',
      'quiet',
    ),
  ]
}

type Players = { count: number; packetsIn: number; through: number }

function playersOf(incidents: readonly ReportedIncident[]): Players {
  const sum = (read: (verified: ReportedIncident['report']['verifiedClients']) => number): number =>
    incidents.reduce((all, { report }) => all + read(report.verifiedClients), 0)
  const packetsIn = sum((verified) => verified.packetsIn)
  const lost = sum(({ packetsIn: into, packetsPastCut, socketBufferDrops }) =>
    Math.min(into, Math.max(0, into - packetsPastCut) + socketBufferDrops),
  )
  return { count: sum(({ count }) => count), packetsIn, through: packetsIn === 0 ? 1 : 1 - lost / packetsIn }
}

const droppedBy = (incidents: readonly ReportedIncident[]): number =>
  incidents.reduce((sum, { report }) => sum + report.traffic.droppedPackets, 0)

function lead(incidents: readonly ReportedIncident[], { packetsIn, through }: Players): string {
  if (incidents.length === 0) return 'No attack was seen in this time.'
  const many = incidents.length === 1 ? 'There was one attack' : `There were ${incidents.length} attacks`
  if (packetsIn === 0) return `${many}. No players were connected that were known before it.`
  if (through === 1) return `${many}. Players who were connected lost nothing to it.`
  return `${many}. Of the packets of players who were connected, ${percent(through, 2)} got through.`
}

function forPlayers({ report }: ReportedIncident): string {
  const { count, packetsIn, packetsPastCut, socketBufferDrops } = report.verifiedClients
  if (count === 0) return 'none were known'
  const lost = Math.min(packetsIn, Math.max(0, packetsIn - packetsPastCut) + socketBufferDrops)
  return lost === 0 ? `${count} of ${count} unaffected` : `${percent(lost / packetsIn, 2)} of packets lost`
}
