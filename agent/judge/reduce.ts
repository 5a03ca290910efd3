import type { Rate } from '../../wire/sample'
import { matchesPacket } from '../mitigate/match'
import { bandOf, learn } from './baseline'
import { classify } from './classify'
import {
  type Attacked,
  type Effect,
  type JudgeState,
  type Looking,
  type Observation,
  type SampledPacket,
  type TickRates,
  TRIPWIRE_FLOORS,
  type Verdict,
} from './state'
import { cutsFor, judgeWindow } from './verdict'

export type Step = { state: JudgeState; effects: Effect[] }

const WINDOW_MAX = 512
/** One video key frame arrives at line rate: fewer packets than this at once say nothing. */
const UDP_BURST_MIN = 200
const CLEAN_MAX = 2_048
/** Window sizes at which the fast path looks: early when the evidence is plain, again when it is not yet. */
const JUDGED_SIZES = [64, 160, 320, WINDOW_MAX]
const SCORE_PLAIN = 0.9
const SCORE_CLEAR = 0.8
const SCORE_DOUBTFUL = 0.6
/** Below this a loud second teaches like a quiet one. */
const SCORE_CLEAN = 0.46
const WINDOW_MIN = 32
const DOUBT_US = 1_000_000
const PEACE_AFTER_US = 2_000_000
const QUIET_AFTER_US = 1_000_000

/**
 * The judge: pure, so that recorded traffic is judged exactly like live traffic. Volume decides whether to look,
 * composition whether it is an attack, the fingerprint what to cut, the service model what must not be cut.
 */
export function reduce(state: JudgeState, observation: Observation): Step {
  switch (observation.type) {
    case 'services':
      return { state: { ...state, services: observation.services }, effects: [] }
    case 'policy':
      return { state: { ...state, policy: observation.policy }, effects: [] }
    case 'tick':
      return onTick(state, observation.atUs, observation.rates)
    case 'packets':
      return onPackets(state, observation)
  }
}

function onPackets(state: JudgeState, observation: Extract<Observation, { type: 'packets' }>): Step {
  const { packets, atUs } = observation
  const tripped = packets.filter((one) => one.tap !== 'peace')
  const { phase } = state
  if (phase.kind === 'attacked')
    return { state: { ...state, phase: { ...phase, window: extend(phase.window, tripped) } }, effects: [] }
  if (tripped.length === 0) return { state: { ...state, clean: learnHeaders(state, packets) }, effects: [] }
  const looking: Looking =
    phase.kind === 'looking'
      ? { ...phase, lastTripUs: atUs, window: extend(phase.window, tripped) }
      : startLooking(tripped, atUs)
  return look({ ...state, disturbed: true, phase: looking }, looking, atUs)
}

/** Only packets of peace teach: in a surge the clean ring stays as it was. */
function learnHeaders(state: JudgeState, packets: readonly SampledPacket[]): JudgeState['clean'] {
  return state.phase.kind === 'peace'
    ? [...state.clean, ...packets.map((one) => one.packet)].slice(-CLEAN_MAX)
    : state.clean
}

const extend = (window: readonly SampledPacket[], more: readonly SampledPacket[]): readonly SampledPacket[] =>
  more.length === 0 ? window : [...window, ...more].slice(-WINDOW_MAX)

const startLooking = (tripped: readonly SampledPacket[], atUs: number): Looking => ({
  kind: 'looking',
  sinceUs: tripped[0]?.packet.atUs ?? atUs,
  lastTripUs: atUs,
  window: tripped,
  judgedAt: 0,
  peakWire: { pps: 0, bps: 0 },
  surgeNoted: false,
})

function look(state: JudgeState, looking: Looking, atUs: number): Step {
  const size = looking.window.length
  const due = JUDGED_SIZES.find((at) => at > looking.judgedAt)
  if (due === undefined || size < due) return { state, effects: [] }
  const judged = { ...looking, judgedAt: size }
  const verdict = judgeWindow(state, looking.window, looking.sinceUs, atUs, crossingPps(state, looking.window))
  const needed = size < 256 ? SCORE_PLAIN : SCORE_CLEAR
  if (verdict && isAttack(state, verdict, looking.window, needed)) return open(state, verdict, looking.window)
  return { state: { ...state, phase: judged }, effects: [] }
}

/** Rate while the tripwire is crossed: the logged packets are those above it, and the first 512 of them are all. */
function crossingPps(state: JudgeState, window: readonly SampledPacket[]): number {
  const first = window[0]?.packet.atUs ?? 0
  const spanUs = Math.max((window.at(-1)?.packet.atUs ?? 0) - first, 1)
  const armed = window[0]?.tap === 'syn' ? state.tripwires.syn.pps : state.tripwires.udp.pps
  return armed + (window.length / spanUs) * 1e6
}

function open(state: JudgeState, verdict: Verdict, window: readonly SampledPacket[]): Step {
  const phase: Attacked = {
    kind: 'attacked',
    sinceUs: verdict.atUs,
    findings: verdict.findings,
    cuts: verdict.cuts,
    window,
    cleanBand: verdict.band,
    peakDroppedPps: 0,
    mitigated: false,
    quietSinceUs: null,
    ending: false,
  }
  return { state: { ...state, phase }, effects: [{ type: 'open', verdict }] }
}

function onTick(state: JudgeState, atUs: number, rates: TickRates): Step {
  const ticked = { ...state, lastRates: rates, disturbed: false }
  if (state.phase.kind === 'attacked') return duringAttack(ticked, state.phase, atUs, rates)
  if (state.phase.kind === 'looking')
    return whileLooking({ ...ticked, lastRates: state.lastRates }, state.phase, atUs, rates)
  return state.disturbed ? { state: ticked, effects: [] } : learnSecond(ticked, atUs, rates)
}

function learnSecond(state: JudgeState, atUs: number, rates: TickRates): Step {
  const { wire, udpPps, synPps, tcpPps } = rates
  const baseline = learn(state.baseline, atUs, { total: wire.pps, udp: udpPps, syn: synPps, tcp: tcpPps })
  return rearm({ ...state, baseline }, atUs)
}

/**
 * Doubtful evidence waits up to a second; what is loud but composed like an audience is a surge, and becomes usual by
 * lasting: such seconds teach, so that a full house does not keep us awake.
 */
function whileLooking(state: JudgeState, looking: Looking, atUs: number, rates: TickRates): Step {
  if (atUs - looking.lastTripUs > PEACE_AFTER_US) {
    const effects: Effect[] = looking.surgeNoted ? [{ type: 'surge_over', atUs }] : []
    return { state: { ...state, lastRates: rates, phase: { kind: 'peace' } }, effects }
  }
  const phase = { ...looking, peakWire: higher(looking.peakWire, rates.wire) }
  const verdict = judgeWindow(state, looking.window, looking.sinceUs, atUs, rates.wire.pps)
  if (verdict && atUs - looking.sinceUs >= DOUBT_US && isAttack(state, verdict, looking.window, SCORE_DOUBTFUL))
    return open(state, verdict, looking.window)
  const over = isOverTripwire(state, rates)
  const isUsual = (!verdict || verdict.score < SCORE_CLEAN) && (looking.surgeNoted || !over)
  const taught = isUsual || isLearning(state, atUs) ? learnSecond({ ...state, phase }, atUs, rates) : null
  const { state: next, effects } = taught ?? { state: { ...state, phase }, effects: [] }
  const sustained = over && atUs - looking.sinceUs >= DOUBT_US && !isLearning(state, atUs)
  if (!verdict || !sustained || looking.surgeNoted) return { state: next, effects }
  const surge = { atUs, score: verdict.score, reasons: verdict.reasons, peakWire: phase.peakWire }
  const noted: JudgeState = { ...next, phase: { ...phase, surgeNoted: true } }
  return { state: noted, effects: [...effects, { type: 'surge', surge }] }
}

const isLearning = (state: JudgeState, atUs: number): boolean => bandOf(state.baseline, 'total', atUs) === null

const isOverTripwire = ({ tripwires }: JudgeState, rates: TickRates): boolean =>
  rates.udpPps > tripwires.udp.pps || rates.synPps > tripwires.syn.pps

/** Before this node knows what is usual, only a signature may convict: its own audience is as new to us as any attacker. */
function isAttack(state: JudgeState, verdict: Verdict, window: readonly SampledPacket[], scoreMin: number): boolean {
  const [first] = verdict.findings
  if (!first || verdict.score < scoreMin || window.length < WINDOW_MIN) return false
  return !isLearning(state, verdict.atUs) || (first.certain && first.share >= 0.5)
}

const higher = (a: Rate, b: Rate): Rate => ({ pps: Math.max(a.pps, b.pps), bps: Math.max(a.bps, b.bps) })

function duringAttack(state: JudgeState, attacked: Attacked, atUs: number, rates: TickRates): Step {
  const effects: Effect[] = []
  let phase: Attacked = { ...attacked, peakDroppedPps: Math.max(attacked.peakDroppedPps, rates.dropped.pps) }
  phase = widen(state, phase, atUs, rates, effects)
  const allowed = Math.max((attacked.cleanBand?.ppsHigh ?? 1_000) * 1.25, 500)
  if (!phase.mitigated && rates.delivered.pps <= allowed && rates.dropped.pps > 0) {
    phase = { ...phase, mitigated: true }
    effects.push({ type: 'mitigated', atUs })
  }
  effects.push({ type: 'shares', findings: phase.findings, shares: shares(phase) })
  return settle({ ...state, phase }, phase, atUs, rates, effects)
}

/** What no rule covers, while too much still gets through, is another vector. */
function widen(state: JudgeState, phase: Attacked, atUs: number, rates: TickRates, effects: Effect[]): Attacked {
  const allowed = Math.max((phase.cleanBand?.ppsHigh ?? 1_000) * 1.5, 1_000)
  const fresh = phase.window.filter((one) => one.packet.atUs > atUs - 1_000_000 && !one.marked)
  const uncovered = fresh.map((one) => one.packet).filter((packet) => !isCovered(phase, packet))
  if (rates.delivered.pps <= allowed || uncovered.length < 64 || phase.cuts.length >= 16) return phase
  const findings = classify(uncovered, state.clean, state.services).filter((one) => one.share >= 0.2)
  const cuts = cutsFor(state, findings, phase.cuts.length)
  if (cuts.length === 0) return phase
  effects.push({ type: 'add', findings, cuts, atUs })
  return { ...phase, findings: [...phase.findings, ...findings], cuts: [...phase.cuts, ...cuts], mitigated: false }
}

const isCovered = (phase: Attacked, packet: SampledPacket['packet']): boolean =>
  phase.cuts.some((cut) => matchesPacket(cut.match, packet))

/** Share of the sampled suspects that each finding explains, in the order of the findings. */
function shares(phase: Attacked): number[] {
  const suspects = phase.window.filter((one) => !one.marked)
  return phase.findings.map((finding) => {
    const matches = finding.matches ?? [finding.limit]
    const hits = suspects.filter((one) => matches.some((match) => matchesPacket(match, one.packet)))
    return suspects.length === 0 ? finding.share : hits.length / suspects.length
  })
}

/** Enter fast, leave slowly: over when what arrives before our rules has been quiet for the policy's hold time. */
function settle(state: JudgeState, phase: Attacked, atUs: number, rates: TickRates, effects: Effect[]): Step {
  const quietBelow = Math.max(state.policy.newSourcePps, phase.peakDroppedPps * 0.01)
  const calmWire = Math.max((phase.cleanBand?.ppsHigh ?? 1_000) * 3, TRIPWIRE_FLOORS.udp)
  const quiet = rates.dropped.pps < quietBelow && rates.wire.pps < calmWire
  if (!quiet) {
    if (phase.ending) effects.push({ type: 'resumed', atUs })
    return { state: { ...state, phase: { ...phase, quietSinceUs: null, ending: false } }, effects }
  }
  const since = phase.quietSinceUs ?? atUs
  const quietUs = atUs - since
  if (quietUs >= state.policy.holdMs * 1000) {
    effects.push({ type: 'resolved', atUs })
    return { state: { ...state, phase: { kind: 'peace' }, disturbed: true }, effects }
  }
  const ending = quietUs >= QUIET_AFTER_US
  if (ending && !phase.ending) effects.push({ type: 'ending', atUs: since })
  return { state: { ...state, phase: { ...phase, quietSinceUs: since, ending } }, effects }
}

/** How fast a tripwire may rise in peace, each second: an audience that grows faster is looked at first. */
const RISE_PER_SECOND = 0.02

/** Tripwires follow the baseline, but not every breath of it. */
function rearm(state: JudgeState, atUs: number): Step {
  const udp = bandOf(state.baseline, 'udp', atUs)
  const syn = bandOf(state.baseline, 'syn', atUs)
  const total = bandOf(state.baseline, 'total', atUs)
  if (!udp || !syn || !total) return { state, effects: [] }
  const old = state.tripwires
  const seconds = state.armedUs === null ? Number.POSITIVE_INFINITY : (atUs - state.armedUs) / 1e6
  const hurry = state.phase.kind === 'looking' && state.phase.surgeNoted
  const rise = hurry ? Number.POSITIVE_INFINITY : 1 + RISE_PER_SECOND * seconds
  const udpPps = Math.ceil(Math.min(Math.max(TRIPWIRE_FLOORS.udp, udp.ppsHigh * 3), old.udp.pps * rise))
  const synPps = Math.ceil(Math.min(Math.max(TRIPWIRE_FLOORS.syn, syn.ppsHigh * 4), old.syn.pps * rise))
  const tripwires = {
    udp: { pps: udpPps, burst: Math.max(UDP_BURST_MIN, Math.ceil(udpPps / 20)) },
    syn: { pps: synPps, burst: Math.ceil(synPps / 5) },
    tapOneIn: Math.max(1, Math.round(total.pps / 50)),
  }
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(a, b) * 0.25
  const settled = near(old.udp.pps, udpPps) && near(old.syn.pps, synPps) && near(old.tapOneIn, tripwires.tapOneIn)
  if (settled && state.armedUs !== null) return { state, effects: [] }
  return { state: { ...state, tripwires, armedUs: atUs }, effects: [{ type: 'arm', tripwires }] }
}
