import type { DemoResult, Spread, Stage } from './result'
import { STAGES } from './result'

/** The demo's result as a table for people. Pure. */

const STAGE_WORDS: Record<Stage, string> = {
  detected: 'detected and named',
  ruleInKernel: 'drop rule in the kernel',
  incidentStored: 'incident stored at the gateway',
  evidenceSecured: 'evidence from before secured on disk',
  firstAlert: 'first alert request on the wire',
  statusPage: 'status page says so',
  resolved: 'rules gone, incident resolved',
}

const isSpread = (value: number | null | Spread): value is Spread => typeof value === 'object' && value !== null

const ms = (value: number | null): string => {
  if (value === null || Number.isNaN(value)) return 'did not happen'
  return value < 1_000 ? `${value.toFixed(1)} ms` : `${(value / 1_000).toFixed(2)} s`
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-GB')

function stageLines(result: DemoResult): string[] {
  return STAGES.map((stage) => {
    const value: number | null | Spread = result.stagesMs[stage]
    const words = STAGE_WORDS[stage].padEnd(38)
    if (!isSpread(value)) return `  ${words}${ms(value).padStart(16)}`
    const figures = [value.p50, value.p95, value.p99, value.max].map((figure) => ms(figure).padStart(12)).join('')
    return `  ${words}${figures}${String(value.n).padStart(6)}`
  })
}

export function printResult(result: DemoResult): string {
  const { incident, traffic, verifiedClients: players, rttMs, evidence, measured } = result
  const vectors = incident?.vectors.map(({ id, confidence }) => `${id} (${Math.round(confidence * 100)} %)`).join(', ')
  const dropped = measured.droppedShareSinceRule
  const several = result.runs > 1
  const head = several
    ? `${''.padEnd(40)}${['p50', 'p95', 'p99', 'max', 'n'].map((name, index) => name.padStart(index === 4 ? 6 : 12)).join('')}`
    : ''
  return [
    `${result.scenario} on ${result.node}${several ? `, ${result.runs} runs` : ''}; times from the first attack packet on the wire`,
    ...(several ? [head] : []),
    ...stageLines(result),
    several ? 'worst run:' : '',
    `  named            ${vectors ?? 'nothing'}`,
    `  on the wire      ${grouped(traffic.wirePps)} packets/s, ${(traffic.wireBps / 1e6).toFixed(0)} Mbit/s of attack`,
    `  dropped          ${grouped(traffic.droppedPps)} packets/s${dropped === null ? '' : `, ${(dropped * 100).toFixed(3)} % since the rule`}`,
    `  players          ${grouped(players.count)} verified; ${players.packetsLost} of ${grouped(players.packetsSent)} packets lost since the rule, ${players.packetsLostBeforeRule} before it, ${players.controlLost} in the control run`,
    `  round trip       ${ms(rttMs.before)} before, ${ms(rttMs.during)} during, ${ms(rttMs.after)} after (median)`,
    `  other nodes      ${result.otherNodes.incidents} incidents`,
    `  rules left       ${result.rulesLeft}`,
    `  evidence         ${evidence === null ? 'none' : `${grouped(evidence.packets)} packets, ${evidence.packetsBeforeOnset} from before onset, ${evidence.verified ? 'verified' : 'NOT verified'}: ${evidence.path}`}`,
    '',
  ].join('\n')
}
