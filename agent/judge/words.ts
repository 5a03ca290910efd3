import type { IncidentEvent, IncidentReport } from '../../wire/incident'
import { VECTORS } from '../../wire/vectors'
import type { Cut } from '../mitigate/ruleset'

const names = (report: IncidentReport): string => {
  const list = report.vectors.map((vector) => VECTORS[vector.id].name)
  return list.length === 0 ? 'Attack' : list.join(' and ')
}

const sinceTripMs = (report: IncidentReport, atUs: number | null): string =>
  atUs === null ? '' : ` ${Math.round((atUs - report.stages.trippedUs) / 1000)} ms after the tripwire`

/** One sentence for the timeline. */
export function eventText(kind: IncidentEvent['kind'], report: IncidentReport): string {
  const target = report.target.addresses[0] ?? 'this node'
  switch (kind) {
    case 'opened':
      return `${names(report)} against ${target}, named${sinceTripMs(report, report.stages.detectedUs)}.`
    case 'rule_installed':
      return `${report.rules.length} rules in the kernel${sinceTripMs(report, report.stages.ruleInKernelUs)}.`
    case 'vector_added':
      return `Another vector: now ${names(report)}.`
    case 'mitigated':
      return `Delivered traffic is back in band: ${Math.round(report.traffic.delivered.pps)} packets a second.`
    case 'evidence_secured':
      return `${report.evidence?.packetsBeforeOnset ?? 0} packets from before the attack are safe on disk.`
    case 'ending':
      return 'The attack stopped. Rules go in steps, in case it comes back.'
    case 'resumed':
      return 'The attack came back. Its rules drop again.'
    case 'resolved':
      return `Over. Rules removed after ${report.traffic.droppedPackets} dropped packets.`
    case 'rule_removed':
      return 'Quiet: rules only count from now on, and drop again when the attack comes back.'
    case 'updated':
      return `${Math.round(report.traffic.wire.pps)} packets a second on the wire, ${Math.round(report.traffic.delivered.pps)} delivered.`
    case 'rejected':
      return 'Looked at and found to be no attack.'
  }
}

/** What another policy made of the rules. */
export function recutText(cuts: readonly Cut[]): string {
  const counting = cuts.filter(({ action }) => action === 'count').length
  if (counting === cuts.length) return 'Another policy: rules only count, nothing is dropped.'
  const acting = cuts.length - counting
  return `Another policy: ${acting === 1 ? 'one rule drops or limits' : `${acting} rules drop or limit`}${counting === 0 ? '' : `, ${counting} only count`}.`
}
