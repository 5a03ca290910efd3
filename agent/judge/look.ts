import type { Rate } from '../../wire/sample'
import { bandOf } from './baseline'
import type { JudgeState, Looking, SampledPacket, TickRates, Verdict } from './state'
import { judgeWindow } from './verdict'

/** A crossed tripwire is a reason to look. Overwhelming evidence convicts at once, doubtful evidence after a second. */

const WINDOW_MAX = 512
/** Window sizes at which the fast path looks: early when the evidence is plain, again when it is not yet. */
const JUDGED_SIZES = [64, 160, 320, WINDOW_MAX]
const SCORE_PLAIN = 0.9
const SCORE_CLEAR = 0.8
export const SCORE_DOUBTFUL = 0.6
const WINDOW_MIN = 32
export const DOUBT_US = 1_000_000
/** Without a crossing for this long, there is nothing to look at any more. */
export const PEACE_AFTER_US = 2_000_000

export const extend = (window: readonly SampledPacket[], more: readonly SampledPacket[]): readonly SampledPacket[] =>
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

/** Takes logged packets in and judges them when enough are new. `attack`: null while the evidence is not overwhelming. */
export function lookAt(
  state: JudgeState,
  before: Looking | null,
  tripped: readonly SampledPacket[],
  atUs: number,
): { looking: Looking; attack: Verdict | null } {
  const looking = before
    ? { ...before, lastTripUs: atUs, window: extend(before.window, tripped) }
    : startLooking(tripped, atUs)
  const size = looking.window.length
  const due = JUDGED_SIZES.find((at) => at > looking.judgedAt)
  if (due === undefined || size < due) return { looking, attack: null }
  const verdict = judgeWindow(state, looking.window, looking.sinceUs, atUs, crossingPps(state, looking.window))
  const needed = size < 256 ? SCORE_PLAIN : SCORE_CLEAR
  const attack = verdict && isAttack(state, verdict, looking.window, needed) ? verdict : null
  return { looking: { ...looking, judgedAt: size }, attack }
}

/** The look of a tick: every judgement, and whether doubt has lasted long enough to convict. */
export function doubtAt(
  state: JudgeState,
  looking: Looking,
  atUs: number,
  rates: TickRates,
): { verdict: Verdict | null; attack: Verdict | null } {
  const verdict = judgeWindow(state, looking.window, looking.sinceUs, atUs, rates.wire.pps, rates.outPps)
  const lasted = atUs - looking.sinceUs >= DOUBT_US
  const attack = verdict && lasted && isAttack(state, verdict, looking.window, SCORE_DOUBTFUL) ? verdict : null
  return { verdict, attack }
}

/** Rate while the tripwire is crossed: the logged packets are those above it, and the first 512 of them are all. */
function crossingPps(state: JudgeState, window: readonly SampledPacket[]): number {
  const first = window[0]?.packet.atUs ?? 0
  const spanUs = Math.max((window.at(-1)?.packet.atUs ?? 0) - first, 1)
  const armed = window[0]?.tap === 'syn' ? state.tripwires.syn.pps : state.tripwires.udp.pps
  return armed + (window.length / spanUs) * 1e6
}

export const isOverTripwire = ({ tripwires }: JudgeState, rates: TickRates): boolean =>
  rates.udpPps > tripwires.udp.pps || rates.synPps > tripwires.syn.pps

export const isLearning = (state: JudgeState, atUs: number): boolean => bandOf(state.baseline, 'total', atUs) === null

/** Before this node knows what is usual, only a signature may convict: its own audience is as new to us as any attacker. */
function isAttack(state: JudgeState, verdict: Verdict, window: readonly SampledPacket[], scoreMin: number): boolean {
  const [first] = verdict.findings
  if (!first || verdict.score < scoreMin || window.length < WINDOW_MIN) return false
  return !isLearning(state, verdict.atUs) || (first.certain && first.share >= 0.5)
}

export const higher = (a: Rate, b: Rate): Rate => ({ pps: Math.max(a.pps, b.pps), bps: Math.max(a.bps, b.bps) })
