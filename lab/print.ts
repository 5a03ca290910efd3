import type { CrowdResult, DemoResult, Spread, Stage } from './result'
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

function stageLines(stagesMs: DemoResult['stagesMs']): string[] {
  return STAGES.map((stage) => {
    const value: number | null | Spread = stagesMs[stage]
    const words = STAGE_WORDS[stage].padEnd(38)
    if (!isSpread(value)) return `  ${words}${ms(value).padStart(16)}`
    const figures = [value.p50, value.p95, value.p99, value.max].map((figure) => ms(figure).padStart(12)).join('')
    return `  ${words}${figures}${String(value.n).padStart(6)}`
  })
}

const percent = (share: number): string => `${(share * 100).toFixed(3)} %`

type Attacked = DemoResult['nodes'][number]

function nodeLines(one: Attacked, { several, named }: { several: boolean; named: boolean }): string[] {
  const { incident, traffic, verifiedClients: players, rttMs, evidence, heldBy } = one
  const vectors = incident?.vectors.map(({ id, confidence }) => `${id} (${Math.round(confidence * 100)} %)`).join(', ')
  const dropped = one.measured.droppedShareSinceRule
  const held =
    heldBy && `; by rules that drop ${percent(heldBy.dropped)}, by the new-source limit ${percent(heldBy.limited)}`
  return [
    ...(named ? ['', `${one.node}`] : []),
    ...stageLines(one.stagesMs),
    several ? 'worst run:' : '',
    `  named            ${vectors ?? 'nothing'}`,
    `  on the wire      ${grouped(traffic.wirePps)} packets/s, ${(traffic.wireBps / 1e6).toFixed(0)} Mbit/s of attack`,
    `  dropped          ${grouped(traffic.droppedPps)} packets/s${dropped === null ? '' : `, ${percent(dropped)} since the rule`}${held ?? ''}`,
    `  players          ${grouped(players.count)} verified; ${players.packetsLost} of ${grouped(players.packetsSent)} packets lost since the rule, ${players.packetsLostBeforeRule} before it, ${players.controlLost} in the control run`,
    `  round trip       ${ms(rttMs.before)} before, ${ms(rttMs.during)} during, ${ms(rttMs.after)} after (median)`,
    `  evidence         ${evidence === null ? 'none' : `${grouped(evidence.packets)} packets, ${evidence.packetsBeforeOnset} from before onset, ${evidence.verified ? 'verified' : 'NOT verified'}: ${evidence.path}`}`,
  ]
}

function pulseLines({ pulses }: DemoResult): string[] {
  return pulses.map(({ startMs, armedMs, droppedShareSinceRule: share, standingInPause: pause }, index) => {
    const armed = isSpread(armedMs) ? `${ms(armedMs.p50)} median, ${ms(armedMs.max)} at worst` : ms(armedMs)
    const left = pause && `; in the pause ${pause.dropping} rules drop, ${pause.counting} count`
    return `  pulse ${index + 1} at ${ms(startMs)}: dropped from ${armed} on${share === null ? '' : `, ${percent(share)}`}${left ?? ''}`
  })
}

function crowdLines(crowd: CrowdResult, result: DemoResult): string[] {
  const { verifiedClients: players, rttMs } = result
  return [
    `  joined           ${crowd.players} new players within ${crowd.joinSeconds} s: ${crowd.timesUsualPps} times the usual packets`,
    `  incidents        ${result.incidents}`,
    `  surges noted     ${result.surges.length}, with ${result.surges[0]?.reasons.length ?? 0} reasons`,
    `  new players      ${crowd.packetsLost} of ${grouped(crowd.packetsSent)} packets lost; round trip ${ms(crowd.rttMs?.p50 ?? null)} median, ${ms(crowd.rttMs?.p99 ?? null)} p99`,
    `  players before   ${players.packetsLost} of ${grouped(players.packetsSent)} packets lost; round trip ${ms(rttMs.before)} before, ${ms(rttMs.during)} during`,
    `  rules seen       ${crowd.rulesSeen}`,
  ]
}

export function printResult(result: DemoResult): string {
  const several = result.runs > 1
  const names = ['p50', 'p95', 'p99', 'max', 'n'].map((name, index) => name.padStart(index === 4 ? 6 : 12))
  const where = result.crowd
    ? result.node
    : `${result.nodes.map(({ node }) => node).join(' and ')}; times from the first attack packet on the wire`
  const named = result.nodes.length > 1
  return [
    `${result.scenario}${several ? `, ${result.runs} runs` : ''} on ${where}`,
    ...(several && !result.crowd ? [`${''.padEnd(40)}${names.join('')}`] : []),
    ...(result.crowd
      ? crowdLines(result.crowd, result)
      : result.nodes.flatMap((one) => nodeLines(one, { several, named }))),
    ...pulseLines(result),
    `  other nodes      ${result.otherNodes.incidents} incidents`,
    `  rules left       ${result.rulesLeft}`,
    '',
  ].join('\n')
}
