import type { Schedule } from '../../wire/messages'
import { BASELINE_CLASSES, type Band, type BaselineClass, bandOf } from './baseline'
import type { JudgeState } from './state'

/** People come before the doors open. */
const LEAD_MS = 5 * 60_000
/** Between the matches of a day the crowd stays: what was usual before the first of them holds for the next as well. */
const SAME_CROWD_US = 6 * 3.6e9
/** A node that knows less of itself has no usual to take a multiple of. */
const KNOWN_SECONDS = 600

/** How many times the usual audience may be here now; 1 while nothing is scheduled. Of windows that overlap, the most. */
export function audienceTimes({ windows }: Schedule, atUs: number): number {
  const atMs = atUs / 1_000
  const covering = windows.filter(({ fromMs, untilMs }) => fromMs - LEAD_MS <= atMs && atMs < untilMs)
  return Math.max(1, ...covering.map((window) => window.audienceTimes))
}

/**
 * Remembers what was usual when a window began. The crowd teaches the baseline as everybody does; a multiple of what it
 * taught would grow by itself until a flood fits in. A node that first looks while the crowd is there expects nobody.
 */
export function expectAudience(state: JudgeState, atUs: number): JudgeState {
  const times = audienceTimes(state.schedule, atUs)
  if (times === 1 && state.audience === 1 && !state.baseline.calm) return state
  return { ...state, audience: times, baseline: { ...state.baseline, calm: calmOf(state, times, atUs) } }
}

function calmOf({ audience, baseline }: JudgeState, times: number, atUs: number): JudgeState['baseline']['calm'] {
  const { calm } = baseline
  if (calm && atUs - calm.lastUs < SAME_CROWD_US) return times > 1 ? { ...calm, lastUs: atUs } : calm
  if (times === 1 || audience !== 1 || baseline.seconds < KNOWN_SECONDS) return null
  const highs = BASELINE_CLASSES.map((name) => [name, bandOf(baseline, name, atUs)?.ppsHigh ?? 0] as const)
  return { ppsHigh: Object.fromEntries(highs) as Record<BaselineClass, number>, lastUs: atUs }
}

/** The rate that the expected audience may reach, packets each second; 0 while none is expected. */
export function expectedPps(
  { baseline: { calm }, schedule }: Pick<JudgeState, 'baseline' | 'schedule'>,
  name: BaselineClass,
  atUs: number,
): number {
  const times = audienceTimes(schedule, atUs)
  return times === 1 || !calm ? 0 : calm.ppsHigh[name] * times
}

/**
 * The learned band with room for who is expected: its upper edge is higher, its middle stays, for they may not have come
 * yet. It widens what counts as loud and nothing else: what convicts is composition.
 */
export function expectedBand(
  state: Pick<JudgeState, 'baseline' | 'schedule'>,
  name: BaselineClass,
  atUs: number,
): Band | null {
  const band = bandOf(state.baseline, name, atUs)
  return band && { ...band, ppsHigh: Math.max(band.ppsHigh, expectedPps(state, name, atUs)) }
}
