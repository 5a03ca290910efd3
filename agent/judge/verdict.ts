import type { RuleBasis } from '../../wire/incident'
import type { Cut } from '../mitigate/ruleset'
import { formatAddress, type Packet } from '../sense/packet'
import { classify, type Finding } from './classify'
import { histogram } from './composition'
import { expectedBand } from './expected'
import { wantedOf } from './policy'
import { attackScore, weigh } from './reasons'
import type { JudgeState, SampledPacket, Verdict } from './state'

/** Coverage below which a fingerprint is backed by the new-source limit. */
const COVERAGE_ENOUGH = 0.99
const CUTS_MAX = 16
/** A node that sends next to nothing says nothing by sending no more. */
const OUT_PPS_MIN = 20

/** The attack's view of a window: who is suspect, what it is, how sure we are. Null when nobody is suspect. */
export function judgeWindow(
  state: JudgeState,
  window: readonly SampledPacket[],
  trippedUs: number,
  atUs: number,
  wirePps: number,
  outPps: number | null = null,
): Verdict | null {
  const suspects = window.filter((one) => one.tap !== 'peace' && !one.marked).map((one) => one.packet)
  if (suspects.length === 0) return null
  const findings = classify(suspects, state.clean, state.services)
  const band = expectedBand(state, 'total', atUs)
  const before = state.lastRates
  const reasons = weigh({
    suspects,
    findings,
    clean: state.clean,
    services: state.services,
    sourceCounts: histogram(state.clean, (packet) => packet.source),
    band,
    wirePps,
    beforePps: state.phase.kind === 'attacked' ? state.phase.beforePps : (before?.wire.pps ?? 0),
    outGrowth: outPps === null || !before || before.outPps < OUT_PPS_MIN ? null : outPps / before.outPps,
    distressPps: before?.distressPps ?? 0,
  })
  return {
    atUs,
    trippedUs,
    score: attackScore(reasons),
    reasons,
    findings,
    cuts: cutsFor(state, findings, atUs),
    band,
    targets: topTargets(suspects),
  }
}

function topTargets(suspects: readonly Packet[]): string[] {
  return [...histogram(suspects, (packet) => packet.destination)]
    .filter(([, hits]) => hits >= suspects.length * 0.05)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8)
    .map(([address]) => formatAddress(address))
}

/** Policy says what a certain and a doubtful vector get; the narrowest selector that covers the attack comes first. */
export function cutsFor(
  { policy }: Pick<JudgeState, 'policy'>,
  findings: readonly Finding[],
  atUs: number,
  taken = 0,
): Cut[] {
  const cuts: Cut[] = []
  const add = ({ vectorId }: Finding, match: Cut['match'], basis: RuleBasis): void => {
    const wanted = wantedOf(policy, vectorId, basis, atUs)
    cuts.push({ id: `c${taken + cuts.length + 1}`, vectorId, basis, ...wanted, match })
  }
  for (const finding of findings) {
    const proof = finding.certain ? 'certain' : 'doubtful'
    for (const match of finding.matches ?? []) add(finding, match, proof)
    const covered = finding.matches !== null && finding.coverage >= COVERAGE_ENOUGH
    if (!covered) add(finding, finding.limit, 'rest')
  }
  return cuts.slice(0, CUTS_MAX - taken)
}
