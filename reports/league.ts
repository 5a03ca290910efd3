import { span } from '../app/_lib/figures'
import { certainty } from '../app/_lib/sentence'
import { sourceCaveats } from '../app/_lib/sources'
import type { ReportedIncident } from '../server/services/reports/report'
import { VECTORS } from '../wire/vectors'
import type { Block } from './document'
import { endedMs, lastedMs, placeOf, startedMs } from './figures-of'
import { heading, incidentTable, inShort, LIMITS, text, trafficChart, trafficFacts } from './shared'
import type { Told } from './tell'

/** For an integrity ruling: what happened to which match when, what players felt, and how to check the evidence. */
export function tellLeague(told: Told): Block[] {
  const { report, when } = told
  const isOne = report.scope.kind === 'incident'
  return [
    text(inShort(report), 'lead'),
    ...(isOne || report.incidents.length === 0 ? [] : [incidentTable(report, when)]),
    ...report.incidents.flatMap((incident) => tellIncident(told, incident)),
    text(LIMITS, 'quiet'),
  ]
}

function tellIncident({ report, when, nameOf }: Told, incident: ReportedIncident): Block[] {
  const fromMs = startedMs(incident)
  const endMs = endedMs(incident)
  const isOne = report.scope.kind === 'incident'
  const { target, vectors } = incident.report
  return [
    heading(isOne ? 'What happened' : `${when.full(fromMs)}: ${placeOf(incident)}`),
    {
      kind: 'facts',
      rows: [
        { name: 'Where', value: placeOf(incident) },
        { name: 'Attacked', value: [...target.addresses, ...target.ports.map((port) => `port ${port}`)].join(', ') },
        { name: 'First packet over the threshold', value: `${when.date(fromMs)}, ${when.precise(fromMs)}` },
        {
          name: 'Over',
          value:
            endMs === null
              ? 'not yet'
              : `${when.date(endMs)}, ${when.precise(endMs)}, after ${span(lastedMs(incident, report.madeMs))}`,
        },
        {
          name: 'Kind of attack',
          value:
            vectors.map(({ id, confidence }) => `${VECTORS[id].name} (${certainty(confidence)})`).join(', ') ||
            'not named',
        },
        { name: 'Number', value: incident.id, isCode: true },
      ],
    },
    heading('What players felt', 3),
    trafficFacts(incident),
    ...(isOne ? trafficChart(incident) : []),
    ...tellSources(incident),
    ...tellEvidence(incident, when, nameOf),
  ]
}

/** Networks alone: addresses of reflectors and forged ones accuse nobody. */
function tellSources({ sources }: ReportedIncident): Block[] {
  const totals = sources?.totals
  if (!totals || totals.packets === 0) return []
  const networks = sources.counts.filter(({ kind }) => kind === 'network')
  return [
    heading('Where the packets say they came from', 3),
    {
      kind: 'bars',
      label: 'Largest networks',
      rows: networks.map(({ key, name, packets }) => ({
        name: `${name ?? 'Unnamed network'} (AS${key})`,
        share: packets / totals.packets,
        value: `${((packets / totals.packets) * 100).toFixed(1)} %`,
      })),
    },
    ...sourceCaveats(totals).map((sentence) => text(sentence, 'quiet')),
  ]
}

const DONE: Record<string, string> = {
  registered: 'Announced by the node',
  uploaded: 'Received by the platform, hash computed again',
  downloaded: 'Downloaded',
}

function tellEvidence({ evidence }: ReportedIncident, when: Told['when'], nameOf: Told['nameOf']): Block[] {
  if (evidence === null)
    return [
      heading('Evidence', 3),
      text('Left out: this report was made for a role that receives no evidence.', 'quiet'),
    ]
  if (evidence.length === 0)
    return [heading('Evidence', 3), text('No bundle has been announced for this incident.', 'quiet')]
  return evidence.flatMap(({ sha256, bytes, state, signed, custody }) => [
    heading('Evidence', 3),
    {
      kind: 'facts' as const,
      rows: [
        { name: 'Bundle, SHA-256', value: sha256, isCode: true },
        { name: 'Signed by the node’s key (Ed25519)', value: signed.manifest.publicKey, isCode: true },
        {
          name: 'Size',
          value: `${bytes} bytes, ${state === 'uploaded' ? 'held by the platform' : 'still on the node'}`,
        },
        { name: 'Packets from before the attack', value: String(signed.manifest.packetsBeforeOnset) },
        { name: 'Clock of the node', value: signed.manifest.clock.source },
      ],
    },
    {
      kind: 'table' as const,
      label: 'Files of the bundle',
      columns: [
        { name: 'File', width: 0.2, isCode: true },
        { name: 'Packets', width: 0.1, isFigure: true },
        { name: 'Sampling', width: 0.14 },
        { name: 'SHA-256', width: 0.56, isCode: true },
      ],
      rows: signed.manifest.files.map((file) => [
        file.name,
        String(file.packets),
        file.samplingRate === null ? 'varying' : file.samplingRate === 1 ? 'every packet' : `1 in ${file.samplingRate}`,
        file.sha256,
      ]),
    },
    {
      kind: 'table' as const,
      label: 'Who had the bundle in hand',
      columns: [
        { name: 'When', width: 0.24 },
        { name: 'What', width: 0.44 },
        { name: 'Who', width: 0.32 },
      ],
      rows: custody.map(({ at, action, actorKind, actorId }) => [
        when.full(at.getTime()),
        DONE[action] ?? action,
        actorKind === 'user'
          ? (nameOf(actorId) ?? 'somebody who has left')
          : actorKind === 'agent'
            ? 'the node'
            : 'the platform',
      ]),
    },
  ])
}
