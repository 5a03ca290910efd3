import type { CrowdResult, NodeResult, Pulse, RunResult, Stage } from './result'

/** What a run must have kept for the demo to exit with 0. Pure. */

const DROPPED_SHARE_MIN = 0.99
const LOST_SHARE_MAX = 0.001
/** A crowd that made less of a difference than this was not the one promised. */
const CROWD_TIMES_MIN = 6

const STAGE_NAMES: readonly Stage[] = [
  'detected',
  'ruleInKernel',
  'incidentStored',
  'evidenceSecured',
  'firstAlert',
  'statusPage',
  'resolved',
]

type Fault = [failed: boolean, text: string]

const said = (faults: readonly Fault[]): string[] => faults.flatMap(([failed, text]) => (failed ? [text] : []))
const percent = (share: number): string => `${(share * 100).toFixed(3)} %`
const share = (lost: number, sent: number): number => (sent === 0 ? 1 : lost / sent)

/** Everything that keeps a run from being a success, in words. Empty: it succeeded. */
export function shortcomings(run: RunResult): string[] {
  const everywhere: Fault[] = [
    [run.rulesLeft > 0, `${run.rulesLeft} rules, chains or elements are left in the cut table`],
    [run.otherNodes.incidents > 0, `other nodes opened ${run.otherNodes.incidents} incidents`],
  ]
  const own = run.crowd === null ? run.nodes.flatMap(attackFaults) : crowdFaults(run, run.crowd)
  return [...said(everywhere), ...own]
}

function attackFaults(one: NodeResult): string[] {
  const { packetsLost, packetsSent } = one.verifiedClients
  const dropped = one.measured.droppedShareSinceRule ?? 0
  const lost = share(packetsLost, packetsSent)
  const named = one.incident?.vectors.map(({ id }) => id).join(', ') || 'not at all'
  const faults = said([
    ...STAGE_NAMES.map((stage): Fault => [one.stagesMs[stage] === null, `stage ${stage} did not happen`]),
    [one.incident === null, 'no incident was opened'],
    [one.incidents > 1, `one attack became ${one.incidents} incidents`],
    [one.evidence?.verified !== true, 'the evidence did not verify'],
    [!one.measured.vectorNamedRight, `the vector was named ${named}`],
    [!one.measured.alertSignatureVerified, 'the alert carried no valid signature'],
    [dropped < DROPPED_SHARE_MIN, `only ${percent(dropped)} of the attack were dropped since the rule`],
    [lost > LOST_SHARE_MAX, `verified clients lost ${percent(lost)} of their packets`],
  ])
  return [...faults, ...one.pulses.flatMap(pulseFaults)].map((fault) => `${one.node}: ${fault}`)
}

function pulseFaults({ armedMs, droppedShareSinceRule, standingInPause }: Pulse, index: number): string[] {
  const name = `pulse ${index + 1}`
  return said([
    [armedMs === null, `${name}: rules never dropped it`],
    [(droppedShareSinceRule ?? 0) < DROPPED_SHARE_MIN, `${name}: only ${percent(droppedShareSinceRule ?? 0)} dropped`],
    [(standingInPause?.dropping ?? 0) > 0, `${name}: ${standingInPause?.dropping} rules still dropped in the pause`],
    [(standingInPause?.lasting ?? 0) > 0, `${name}: what stood in the pause had no end of its own`],
  ])
}

function crowdFaults(run: RunResult, crowd: CrowdResult): string[] {
  const { packetsLost, packetsSent } = run.verifiedClients
  const lost = share(packetsLost, packetsSent)
  const lostByCrowd = share(crowd.packetsLost, crowd.packetsSent)
  return said([
    [run.incidents > 0, `an audience became ${run.incidents} incidents`],
    [!run.surges.some(({ reasons }) => reasons.length > 0), 'no surge was noted with its reasons'],
    [crowd.rulesSeen > 0, `up to ${crowd.rulesSeen} rules stood while the audience grew`],
    [crowd.timesUsualPps < CROWD_TIMES_MIN, `the audience grew only ${crowd.timesUsualPps} times`],
    [lostByCrowd > LOST_SHARE_MAX, `new players lost ${percent(lostByCrowd)} of their packets`],
    [lost > LOST_SHARE_MAX, `the players from before lost ${percent(lost)} of their packets`],
  ])
}
