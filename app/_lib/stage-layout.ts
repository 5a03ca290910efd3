import type { Stage } from '@/server/trpc/incident-view'
import { span } from './figures'

export type { Stage }

export type PlacedStage = Stage & { left: number; lane: number }
export type Segment = {
  fromMs: number
  toMs: number
  left: number
  width: number
  ticks: { atMs: number; left: number }[]
  stages: PlacedStage[]
}

const FAST_UNTIL_MS = 1_000
const FAST_SHARE = 0.64
const BREAK_SHARE = 0.03
/** The ruler is drawn for at least this width; narrower screens get a list. */
const ASSUMED_WIDTH_PX = 760
const CHARACTER_PX = 6.7
const TICK_PX = 90

/** Share of the ruler that a label takes, leader line and air included. */
const labelShare = ({ label, atMs }: Stage): number =>
  ((label.length + span(atMs).length + 1) * CHARACTER_PX + 22) / ASSUMED_WIDTH_PX

/** Axis from the first packet, linear in each segment. Milliseconds and seconds get one segment each, with a visible break. */
export function layOutStages(stages: Stage[]): Segment[] {
  const inOrder = [...stages].sort((left, right) => left.atMs - right.atMs)
  const fast = inOrder.filter((stage) => stage.atMs < FAST_UNTIL_MS)
  const slow = inOrder.filter((stage) => stage.atMs >= FAST_UNTIL_MS)
  if (slow.length === 0) return [segment(fast, 0, 0, 1)]
  if (fast.length === 0) return [segment(slow, 0, 0, 1)]
  const first = segment(fast, 0, 0, FAST_SHARE)
  const left = FAST_SHARE + BREAK_SHARE
  return [first, segment(slow, first.toMs, left, 1 - left)]
}

function segment(stages: Stage[], fromMs: number, left: number, width: number): Segment {
  // The end lies so far out that every label ends on the ruler.
  const reach = stages.map((stage) => ((stage.atMs - fromMs) * width) / Math.max(width - labelShare(stage), width / 5))
  const lengthMs = Math.max(...reach, 1)
  const step = niceStep((lengthMs * TICK_PX) / (width * ASSUMED_WIDTH_PX))
  const toMs = Math.ceil((fromMs + lengthMs) / step) * step
  const place = (atMs: number) => left + (width * (atMs - fromMs)) / (toMs - fromMs)
  const ticks = []
  for (let atMs = Math.ceil(fromMs / step) * step; atMs <= toMs + step / 1e6; atMs += step) {
    if (fromMs === 0 || atMs - fromMs > step / 2) ticks.push({ atMs, left: place(atMs) })
  }
  const placed = stages.map((stage) => ({ ...stage, left: place(stage.atMs), lane: 0 }))
  return { fromMs, toMs, left, width, ticks, stages: assignLanes(placed) }
}

/** Later labels sit lower, so no leader line ever crosses a label. */
function assignLanes(stages: PlacedStage[]): PlacedStage[] {
  for (let index = stages.length - 1; index >= 0; index--) {
    const stage = stages[index]
    if (!stage) continue
    const end = stage.left + labelShare(stage)
    const below = stages.slice(index + 1).filter((other) => other.left < end)
    stage.lane = below.length === 0 ? 0 : Math.max(...below.map((other) => other.lane)) + 1
  }
  return stages
}

const CLOCK_STEPS_MS = [10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400].map(
  (seconds) => seconds * 1_000,
)

/** 1, 2 or 5 of a power of ten; from ten seconds on, the steps of a clock. */
function niceStep(rough: number): number {
  if (rough > 5_000) return CLOCK_STEPS_MS.find((step) => step >= rough) ?? 86_400_000
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-3)))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10
  return factor * power
}
