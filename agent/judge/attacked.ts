import type { Policy } from '../../wire/messages'
import { matchesPacket } from '../mitigate/match'
import { classify } from './classify'
import { shareOf } from './composition'
import { doubtAt, extend, isOverTripwire, lookAt, PEACE_AFTER_US, SCORE_DOUBTFUL } from './look'
import { isStopped, recut } from './policy'
import {
  type Attacked,
  type Effect,
  type JudgeState,
  type Looking,
  type SampledPacket,
  type Step,
  type TickRates,
  TRIPWIRE_FLOORS,
  type Verdict,
} from './state'
import { cutsFor, judgeWindow } from './verdict'

/**
 * From the verdict to the end. Rules enter fast and leave in steps: quiet for a moment, they stand by and only count;
 * a pulse arms them again at the look a tripwire gives it; quiet for the hold time, they go and the incident is over.
 */

const QUIET_AFTER_US = 1_000_000
const STAND_BY_AFTER_US = 5_000_000
/** An attacker who pauses is waited for twice his longest pause, but no longer than this. */
const HOLD_US_MAX = 600_000_000
/** Packets that a judgement of what is still arriving needs. */
const FRESH_MIN = 64
/** Below this share of its peak, a flood that crosses no tripwire has ebbed. */
const EBBED_SHARE = 0.25
const AUDIENCE_EVERY_US = 1_900_000
/** While fingerprints and signatures select more than this of what is dropped or held back, it is the attack. */
const NARROW_SHARE_MAX = 0.5

export function startAttack(state: JudgeState, verdict: Verdict, window: readonly SampledPacket[]): Attacked {
  return {
    kind: 'attacked',
    sinceUs: verdict.atUs,
    findings: verdict.findings,
    cuts: verdict.cuts,
    window,
    cleanBand: verdict.band,
    beforePps: state.lastRates?.wire.pps ?? 0,
    peakDroppedPps: 0,
    mitigated: false,
    quietSinceUs: null,
    ending: false,
    audience: { judgedUs: verdict.atUs, is: false },
    standby: false,
    looking: null,
    holdUs: state.policy.holdMs * 1_000,
  }
}

/** Logged packets during an incident. */
export function seeAttack(state: JudgeState, phase: Attacked, tripped: readonly SampledPacket[], atUs: number): Step {
  if (!phase.standby)
    return { state: { ...state, phase: { ...phase, window: extend(phase.window, tripped) } }, effects: [] }
  if (tripped.length === 0) return { state, effects: [] }
  const { looking, attack } = lookAt(state, phase.looking, tripped, atUs)
  if (attack) return rearm(state, phase, looking, attack)
  return { state: { ...state, phase: { ...phase, looking } }, effects: [] }
}

/** A tick during an incident. */
export function duringAttack(state: JudgeState, phase: Attacked, atUs: number, rates: TickRates): Step {
  // A kill switch ends by itself, and nothing else changes a policy between two ticks.
  if (state.policy.stoppedUntilMs !== undefined && !isStopped(state.policy, atUs)) {
    const { stoppedUntilMs: _, ...policy } = state.policy
    const resumed = goBy(state, policy, atUs)
    if (resumed.state.phase.kind !== 'attacked') return resumed
    const step = duringAttack(resumed.state, resumed.state.phase, atUs, rates)
    return { state: step.state, effects: [...resumed.effects, ...step.effects] }
  }
  return phase.standby ? standBy(state, phase, atUs, rates) : fight(state, phase, atUs, rates)
}

/** Another policy holds from now on, for the rules that stand as well. */
export function goBy(state: JudgeState, policy: Policy, atUs: number): Step {
  const next = { ...state, policy }
  if (state.phase.kind !== 'attacked') return { state: next, effects: [] }
  const { phase } = state
  // A pause that was waited for longer than the policy said still is.
  const isUsual = phase.holdUs === state.policy.holdMs * 1_000
  const holdUs = isUsual ? policy.holdMs * 1_000 : Math.max(phase.holdUs, policy.holdMs * 1_000)
  const cuts = recut(policy, phase.cuts, atUs)
  if (cuts === phase.cuts) return { state: { ...next, phase: { ...phase, holdUs } }, effects: [] }
  return {
    state: { ...next, phase: { ...phase, holdUs, cuts, mitigated: false } },
    effects: [{ type: 'recut', cuts, atUs }],
  }
}

function fight(state: JudgeState, attacked: Attacked, atUs: number, rates: TickRates): Step {
  const effects: Effect[] = []
  let phase: Attacked = { ...attacked, peakDroppedPps: Math.max(attacked.peakDroppedPps, rates.dropped.pps) }
  phase = widen(state, phase, atUs, rates, effects)
  const allowed = Math.max((attacked.cleanBand?.ppsHigh ?? 1_000) * 1.25, 500)
  if (!phase.mitigated && rates.delivered.pps <= allowed && rates.dropped.pps > 0) {
    phase = { ...phase, mitigated: true }
    effects.push({ type: 'mitigated', atUs })
  }
  return settle(state, phase, atUs, rates, effects)
}

/** What no rule covers, while too much still gets through, is another vector. */
function widen(state: JudgeState, phase: Attacked, atUs: number, rates: TickRates, effects: Effect[]): Attacked {
  const allowed = Math.max((phase.cleanBand?.ppsHigh ?? 1_000) * 1.5, 1_000)
  if (rates.delivered.pps <= allowed) return phase
  return coverMore(state, phase, freshSuspects(phase, atUs), atUs, effects)
}

/** Adds cuts for those suspects that no standing cut selects, when they are enough to name. */
function coverMore(
  state: JudgeState,
  phase: Attacked,
  suspects: readonly SampledPacket[],
  atUs: number,
  effects: Effect[],
): Attacked {
  const uncovered = suspects.map((one) => one.packet).filter((packet) => !isCovered(phase, packet))
  if (uncovered.length < FRESH_MIN || phase.cuts.length >= 16) return phase
  const findings = classify(uncovered, state.clean, state.services).filter((one) => one.share >= 0.2)
  const cuts = cutsFor(state, findings, atUs, phase.cuts.length)
  if (cuts.length === 0) return phase
  effects.push({ type: 'add', findings, cuts, atUs })
  return { ...phase, findings: [...phase.findings, ...findings], cuts: [...phase.cuts, ...cuts], mitigated: false }
}

const freshSuspects = (phase: Attacked, atUs: number): SampledPacket[] =>
  phase.window.filter((one) => one.packet.atUs > atUs - 1_000_000 && !one.marked)

const isCovered = (phase: Attacked, packet: SampledPacket['packet']): boolean =>
  phase.cuts.some((cut) => matchesPacket(cut.match, packet))

function settle(state: JudgeState, fought: Attacked, atUs: number, rates: TickRates, effects: Effect[]): Step {
  const to = (next: Attacked): Step => ({ state: { ...state, phase: next }, effects })
  const phase = { ...fought, audience: audienceAt(state, fought, atUs, rates) }
  if (!isSilent(state, phase, rates) && !phase.audience.is) {
    if (phase.ending) effects.push({ type: 'resumed', atUs })
    return to({ ...phase, quietSinceUs: null, ending: false })
  }
  const since = phase.quietSinceUs ?? atUs
  const quietUs = atUs - since
  if (quietUs >= phase.holdUs) return over(state, atUs, effects)
  const ending = quietUs >= QUIET_AFTER_US
  if (ending && !phase.ending) effects.push({ type: 'ending', atUs: since })
  const standby = quietUs >= STAND_BY_AFTER_US
  if (standby) effects.push({ type: 'stand_by', atUs })
  return to({ ...phase, quietSinceUs: since, ending, standby, window: standby ? [] : phase.window })
}

/** What arrives before our rules would make nobody look, were it peace, and is a fraction of what it was. */
function isSilent(state: JudgeState, phase: Attacked, rates: TickRates): boolean {
  const calmWire = Math.max((phase.cleanBand?.ppsHigh ?? 1_000) * 3, TRIPWIRE_FLOORS.udp)
  const ebbed = Math.max(state.policy.newSourcePps, phase.peakDroppedPps * EBBED_SHARE)
  return rates.dropped.pps < ebbed && rates.wire.pps < calmWire && !isOverTripwire(state, rates)
}

/**
 * Fingerprints select little of it any more, and what the new-source limit holds back is composed like an audience: it must not be
 * kept out. Looked at every two seconds.
 */
function audienceAt(state: JudgeState, phase: Attacked, atUs: number, rates: TickRates): Attacked['audience'] {
  if (atUs - phase.audience.judgedUs < AUDIENCE_EVERY_US) return phase.audience
  const attack = { judgedUs: atUs, is: false }
  const dropping = phase.cuts.filter((cut) => cut.action === 'drop')
  const droppedPps = dropping.reduce((sum, { id }) => sum + (rates.hits.get(id) ?? 0), 0)
  if (droppedPps > rates.dropped.pps * NARROW_SHARE_MAX) return attack
  const fresh = freshSuspects(phase, atUs)
  const narrow = phase.findings.flatMap((finding) => finding.matches ?? [])
  const hit = shareOf(fresh, ({ packet }) => narrow.some((match) => matchesPacket(match, packet)))
  if (fresh.length < FRESH_MIN || hit > NARROW_SHARE_MAX) return attack
  const verdict = judgeWindow(state, fresh, atUs, atUs, rates.wire.pps)
  return { judgedUs: atUs, is: verdict !== null && verdict.score < SCORE_DOUBTFUL }
}

/** Rules only count: the tripwire wakes us for the next pulse, and time is all that ends the incident. */
function standBy(state: JudgeState, phase: Attacked, atUs: number, rates: TickRates): Step {
  if (phase.quietSinceUs !== null && atUs - phase.quietSinceUs >= phase.holdUs) return over(state, atUs, [])
  const { looking } = phase
  if (!looking) return { state, effects: [] }
  if (atUs - looking.lastTripUs > PEACE_AFTER_US)
    return { state: { ...state, phase: { ...phase, looking: null } }, effects: [] }
  const { attack } = doubtAt(state, looking, atUs, rates)
  return attack ? rearm(state, phase, looking, attack) : { state, effects: [] }
}

function over(state: JudgeState, atUs: number, effects: Effect[]): Step {
  effects.push({ type: 'resolved', atUs })
  return { state: { ...state, phase: { kind: 'peace' }, disturbed: true }, effects }
}

function rearm(state: JudgeState, phase: Attacked, looking: Looking, verdict: Verdict): Step {
  const pauseUs = verdict.atUs - (phase.quietSinceUs ?? verdict.atUs)
  const armed: Attacked = {
    ...phase,
    window: looking.window,
    quietSinceUs: null,
    ending: false,
    mitigated: false,
    audience: { judgedUs: verdict.atUs, is: false },
    standby: false,
    looking: null,
    holdUs: Math.max(phase.holdUs, Math.min(pauseUs * 2, HOLD_US_MAX)),
  }
  const effects: Effect[] = [{ type: 'rearm', atUs: verdict.atUs }]
  const suspects = looking.window.filter((one) => !one.marked)
  const next = coverMore(state, armed, suspects, verdict.atUs, effects)
  return { state: { ...state, phase: next, disturbed: true }, effects }
}
