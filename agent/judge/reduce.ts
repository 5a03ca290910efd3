import { duringAttack, goBy, seeAttack, startAttack } from './attacked'
import { type Band, bandOf, learn } from './baseline'
import { expectAudience, expectedPps } from './expected'
import { DOUBT_US, doubtAt, higher, isLearning, isOverTripwire, lookAt, PEACE_AFTER_US } from './look'
import {
  type Effect,
  type JudgeState,
  type Looking,
  type Observation,
  type SampledPacket,
  type Step,
  type TickRates,
  TRIPWIRE_FLOORS,
  type Verdict,
} from './state'

/** One video key frame arrives at line rate: fewer packets than this at once say nothing. */
const UDP_BURST_MIN = 200
const CLEAN_MAX = 2_048
/** Fewer packets than this acquit nobody. */
const SURGE_WINDOW_MIN = 160
/** Below this a loud second teaches like a quiet one. */
const SCORE_CLEAN = 0.46

/**
 * The judge: pure, so that recorded traffic is judged exactly like live traffic. Volume decides whether to look,
 * composition whether it is an attack, the fingerprint what to cut, the service model what must not be cut.
 */
export function reduce(state: JudgeState, observation: Observation): Step {
  switch (observation.type) {
    case 'services':
      return { state: { ...state, services: observation.services }, effects: [] }
    case 'schedule':
      return { state: { ...state, schedule: observation.schedule }, effects: [] }
    case 'policy':
      return goBy(state, observation.policy, observation.atUs)
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
  if (phase.kind === 'attacked') return seeAttack(state, phase, tripped, atUs)
  if (tripped.length === 0) return { state: { ...state, clean: learnHeaders(state, packets) }, effects: [] }
  const seen = { ...state, disturbed: true }
  const { looking, attack } = lookAt(seen, phase.kind === 'looking' ? phase : null, tripped, atUs)
  if (attack) return open(seen, attack, looking)
  return { state: { ...seen, phase: looking }, effects: [] }
}

/** Only packets of peace teach: in a surge the clean ring stays as it was. */
function learnHeaders(state: JudgeState, packets: readonly SampledPacket[]): JudgeState['clean'] {
  return state.phase.kind === 'peace'
    ? state.clean
        .slice(Math.max(0, state.clean.length + packets.length - CLEAN_MAX))
        .concat(packets.map((one) => one.packet))
    : state.clean
}

const open = (state: JudgeState, verdict: Verdict, looking: Looking): Step => ({
  state: { ...state, phase: startAttack(state, verdict, looking.window) },
  effects: [{ type: 'open', verdict }],
})

function onTick(state: JudgeState, atUs: number, rates: TickRates): Step {
  const ticked = { ...expectAudience(state, atUs), lastRates: rates, disturbed: false }
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
  const { verdict, attack } = doubtAt(state, looking, atUs, rates)
  if (attack) return open(state, attack, looking)
  const over = isOverTripwire(state, rates)
  const isUsual = (!verdict || verdict.score < SCORE_CLEAN) && (looking.surgeNoted || !over)
  const taught = isUsual || isLearning(state, atUs) ? learnSecond({ ...state, phase }, atUs, rates) : null
  const { state: next, effects } = taught ?? { state: { ...state, phase }, effects: [] }
  const sustained = over && atUs - looking.sinceUs >= DOUBT_US && !isLearning(state, atUs)
  const isSeen = looking.window.length >= SURGE_WINDOW_MIN
  if (!verdict || !sustained || !isSeen || looking.surgeNoted) return { state: next, effects }
  const surge = { atUs, score: verdict.score, reasons: verdict.reasons, peakWire: phase.peakWire }
  const noted: JudgeState = { ...next, phase: { ...phase, surgeNoted: true } }
  return { state: noted, effects: [...effects, { type: 'surge', surge }] }
}

/** The thin tap: enough for a thousand clean headers a minute until all are known, then to keep them and the ring fresh. */
const TAP_PPS = { learning: 20, knowing: 6 }

/** How fast a tripwire may rise in peace, each second: an audience that grows faster is looked at first. */
const RISE_PER_SECOND = 0.02

/**
 * How far above the upper edge a tripwire stands. What was announced needs less room above it than what nobody spoke of: a
 * hall that expects eight times its audience must not hide a flood of twenty.
 */
const ABOVE = { udp: { learned: 3, expected: 1.5 }, syn: { learned: 4, expected: 2 } }

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
  const above = (name: 'udp' | 'syn', { ppsHigh }: Band): number => {
    const room = ABOVE[name]
    const edge = Math.max(ppsHigh * room.learned, expectedPps(state, name, atUs) * room.expected)
    return Math.ceil(Math.min(Math.max(TRIPWIRE_FLOORS[name], edge), old[name].pps * rise))
  }
  const [udpPps, synPps] = [above('udp', udp), above('syn', syn)]
  const tapPps = state.clean.length < CLEAN_MAX ? TAP_PPS.learning : TAP_PPS.knowing
  const tripwires = {
    udp: { pps: udpPps, burst: Math.max(UDP_BURST_MIN, Math.ceil(udpPps / 40)) },
    syn: { pps: synPps, burst: Math.ceil(synPps / 5) },
    tapOneIn: Math.max(1, Math.round(total.pps / tapPps)),
  }
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(a, b) * 0.25
  const settled = near(old.udp.pps, udpPps) && near(old.syn.pps, synPps) && near(old.tapOneIn, tripwires.tapOneIn)
  if (settled && state.armedUs !== null) return { state, effects: [] }
  return { state: { ...state, tripwires, armedUs: atUs }, effects: [{ type: 'arm', tripwires }] }
}
