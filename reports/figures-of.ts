import { bitRate, byteCount, type Figure, packetRate, percent } from '../app/_lib/figures'
import { verifiedLoss } from '../app/_lib/sentence'
import type { ReportedIncident } from '../server/services/reports/report'
import { VECTORS } from '../wire/vectors'

export const say = ({ value, unit }: Figure): string => `${value} ${unit}`
export const pps = (value: number): string => say(packetRate(value))
export const bps = (value: number): string => say(bitRate(value))
export const bytes = (value: number): string => say(byteCount(value))

export const startedMs = ({ firstPacketUs }: ReportedIncident): number => firstPacketUs / 1_000
export const endedMs = ({ resolvedUs }: ReportedIncident): number | null =>
  resolvedUs === null ? null : resolvedUs / 1_000
export const lastedMs = (incident: ReportedIncident, nowMs: number): number =>
  Math.max(0, (endedMs(incident) ?? nowMs) - startedMs(incident))
export const ruleAfterMs = ({ firstPacketUs, ruleInKernelUs }: ReportedIncident): number | null =>
  ruleInKernelUs === null ? null : Math.max(0, (ruleInKernelUs - firstPacketUs) / 1_000)

/** Vectors by share, largest first. */
export const vectorNames = ({ report }: ReportedIncident): string =>
  [...report.vectors]
    .sort((left, right) => right.share - left.share)
    .map(({ id }) => VECTORS[id].name)
    .join(', ') || 'Unnamed traffic'

/** "Spring Major · Match 3 (match-03)", or the node alone where it lies in no group. */
export const placeOf = ({ places, nodeName }: ReportedIncident): string =>
  places.length === 0 ? nodeName : `${places.join(' · ')} (${nodeName})`

export function playersLost({ report }: ReportedIncident): string {
  const { count } = report.verifiedClients
  if (count === 0) return 'no players known'
  const loss = verifiedLoss(report.verifiedClients)
  return loss === 0 ? 'none' : percent(loss, 3)
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted.length === 0 ? null : (sorted[Math.floor(sorted.length / 2)] as number)
}

/** Time in which at least one of them went on: of attacks at once it counts once. Only what lies in the span. */
export function timeUnder(incidents: readonly ReportedIncident[], fromMs: number, toMs: number): number {
  const spans = incidents
    .map((incident) => [Math.max(fromMs, startedMs(incident)), Math.min(toMs, endedMs(incident) ?? toMs)] as const)
    .filter(([from, to]) => to > from)
    .sort(([left], [right]) => left - right)
  let totalMs = 0
  let untilMs = fromMs
  for (const [from, to] of spans) {
    totalMs += Math.max(0, to - Math.max(from, untilMs))
    untilMs = Math.max(untilMs, to)
  }
  return totalMs
}
