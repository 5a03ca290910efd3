import { VERDICT_WORDS } from '../app/_lib/feedback-effect'
import { packetCount, span } from '../app/_lib/figures'
import { REASON_WORDS } from '../app/_lib/reasons'
import { certainty } from '../app/_lib/sentence'
import type { ReportedIncident } from '../server/services/reports/report'
import { VECTORS } from '../wire/vectors'
import type { Block } from './document'
import { bytes, lastedMs, placeOf, startedMs } from './figures-of'
import { heading, incidentTable, inShort, LIMITS, text, trafficChart, trafficFacts } from './shared'
import type { Told } from './tell'

/** For who wants to do better: when each stage was reached, what cut what, who was told, what people wrote. */
export function tellRetrospective(told: Told): Block[] {
  const { report, when } = told
  const isOne = report.scope.kind === 'incident'
  return [
    text(inShort(report), 'lead'),
    ...(isOne || report.incidents.length === 0 ? [] : [incidentTable(report, when)]),
    ...report.incidents.flatMap((incident) => [
      ...(isOne ? [] : [heading(`${when.full(startedMs(incident))}: ${placeOf(incident)}`)]),
      ...tellIncident(told, incident, isOne ? 2 : 3),
    ]),
    text(LIMITS, 'quiet'),
  ]
}

function tellIncident(told: Told, incident: ReportedIncident, level: 2 | 3): Block[] {
  const isOne = level === 2
  return [
    ...(isOne ? trafficChart(incident) : []),
    trafficFacts(incident),
    ...tellStages(incident, level),
    ...tellVectors(incident, told.report.madeMs, level),
    ...tellRules(incident, level),
    ...(isOne ? tellReasons(incident) : []),
    ...tellTold(incident, told, level),
    ...tellNotes(incident, told, level),
    ...(isOne ? tellTimeline(incident, told) : []),
  ]
}

function tellStages(incident: ReportedIncident, level: 2 | 3): Block[] {
  const reached: [string, number | null][] = [
    ['Named', incident.detectedUs],
    ['Rule in the kernel', incident.ruleInKernelUs],
    ['Incident stored', incident.storedUs],
    ['Evidence secured', incident.evidenceSecuredUs],
    ['First alert sent', incident.firstAlertUs],
    ['Mitigated: delivered traffic back in its band', incident.mitigatedUs],
    ['Ebbing', incident.endingUs],
    ['Over', incident.resolvedUs],
  ]
  const rows = reached.map(([name, atUs]) => [
    name,
    atUs === null ? 'not reached' : `+${span(Math.max(0, (atUs - incident.firstPacketUs) / 1_000))}`,
  ])
  const columns = [
    { name: 'Stage', width: 0.6 },
    { name: 'After the first packet over the tripwire', width: 0.4, isFigure: true },
  ]
  return [heading('Times of each stage', level), { kind: 'table', label: 'Times of each stage', columns, rows }]
}

function tellVectors(incident: ReportedIncident, nowMs: number, level: 2 | 3): Block[] {
  const fromMs = startedMs(incident)
  const rows = incident.report.vectors.map(({ id, confidence, share, startUs, endUs }) => [
    VECTORS[id].name,
    certainty(confidence),
    `${(share * 100).toFixed(0)} %`,
    `+${span(Math.max(0, startUs / 1_000 - fromMs))}`,
    endUs === null
      ? 'to the end'
      : `+${span(Math.max(0, Math.min(endUs / 1_000 - fromMs, lastedMs(incident, nowMs))))}`,
  ])
  if (rows.length === 0) return []
  const columns = [
    { name: 'Vector', width: 0.36 },
    { name: 'How sure', width: 0.2 },
    { name: 'Share', width: 0.12, isFigure: true },
    { name: 'From', width: 0.16, isFigure: true },
    { name: 'Until', width: 0.16, isFigure: true },
  ]
  return [heading('Vectors', level), { kind: 'table', label: 'Vectors', columns, rows }]
}

const ACTIONS: Record<string, string> = { drop: 'dropped', limit: 'held back', count: 'only counted' }

function tellRules({ mitigations, report, firstPacketUs }: ReportedIncident, level: 2 | 3): Block[] {
  const policy = `Policy ${report.policy.name}, version ${report.policy.version}.`
  if (mitigations.length === 0) return [heading('Rules', level), text(`No rule was installed. ${policy}`, 'quiet')]
  const after = (us: number): string => span(Math.max(0, (us - firstPacketUs) / 1_000))
  const columns = [
    { name: 'Rule', width: 0.46 },
    { name: 'In the kernel', width: 0.2 },
    { name: 'Packets', width: 0.2, isFigure: true },
    { name: 'Bytes', width: 0.14, isFigure: true },
  ]
  const rows = mitigations.map(({ words, installedUs, removedUs, packets, bytes: size, action }) => [
    words,
    removedUs === null ? `from +${after(installedUs)}` : `+${after(installedUs)} to +${after(removedUs)}`,
    `${packetCount(packets)} ${ACTIONS[action] ?? action}`,
    bytes(size),
  ])
  return [
    heading('Rules', level),
    { kind: 'table', label: 'Rules with their hits', columns, rows },
    text(policy, 'quiet'),
  ]
}

function tellReasons({ report, score }: ReportedIncident): Block[] {
  const rows = [...report.reasons]
    .sort((left, right) => right.strength - left.strength)
    .map(({ term, strength }) => ({ name: REASON_WORDS[term].title, share: strength, value: strength.toFixed(2) }))
  return [
    heading('Why it was taken for an attack'),
    text(`Probability ${score.toFixed(2)}. How strongly each term spoke for it, 0 to 1:`),
    { kind: 'bars', label: 'Terms of the verdict', rows },
  ]
}

const KINDS: Record<string, string> = { opened: 'Opened', updated: 'Update', resolved: 'Over' }

function tellTold({ deliveries }: ReportedIncident, { when }: Told, level: 2 | 3): Block[] {
  if (deliveries === null) return []
  if (deliveries.length === 0)
    return [heading('Who was told', level), text('Nobody: no alert destination wanted to know.', 'quiet')]
  const columns = [
    { name: 'Destination', width: 0.36 },
    { name: 'Message', width: 0.16 },
    { name: 'Due', width: 0.24 },
    { name: 'Left after', width: 0.24, isFigure: true },
  ]
  const rows = deliveries.map(({ destinationName, kind, createdUs, attempts, state }) => {
    const startedUs = attempts.at(-1)?.startedUs ?? null
    const left = startedUs === null ? 'not sent' : span(Math.max(0, (startedUs - createdUs) / 1_000))
    return [
      destinationName,
      KINDS[kind] ?? kind,
      when.full(createdUs / 1_000),
      state === 'dead' ? `${left}, not delivered` : left,
    ]
  })
  return [heading('Who was told', level), { kind: 'table', label: 'Messages', columns, rows }]
}

function tellNotes({ notes, feedback }: ReportedIncident, { when, nameOf }: Told, level: 2 | 3): Block[] {
  const who = (id: string): string => nameOf(id) ?? 'Somebody who has left'
  const said = (feedback ?? []).map(({ authorId, verdict, vectorId, text: words, at }) =>
    text(
      `${who(authorId)}, ${when.full(at.getTime())}: ${VERDICT_WORDS[verdict].toLowerCase()}${vectorId ? ` (${VECTORS[vectorId].name})` : ''}.${words ? ` ${words}` : ''}`,
    ),
  )
  const written = (notes ?? []).map(({ authorId, text: words, createdAt }) =>
    text(`${who(authorId)}, ${when.full(createdAt.getTime())}: ${words}`),
  )
  return [
    ...(written.length > 0 ? [heading('Notes', level), ...written] : []),
    ...(said.length > 0 ? [heading('Rightly an attack?', level), ...said] : []),
  ]
}

function tellTimeline({ timeline, firstPacketUs }: ReportedIncident, { when }: Told): Block[] {
  const columns = [
    { name: 'When', width: 0.18 },
    { name: 'What', width: 0.62 },
    { name: 'After', width: 0.2, isFigure: true },
  ]
  const rows = timeline.map(({ atUs, text: words }) => [
    when.precise(atUs / 1_000),
    words,
    `+${span(Math.max(0, (atUs - firstPacketUs) / 1_000))}`,
  ])
  return [heading('Timeline'), { kind: 'table', label: 'Timeline', columns, rows }]
}
