import type { Stage } from '@/server/trpc/incident-view'

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
const HEADROOM = 1.3
/** The ruler is drawn for at least this width; narrower screens get a list. */
const ASSUMED_WIDTH_PX = 860
const LABEL_PX_PER_CHARACTER = 6.6
const LABEL_PX_FIXED = 72

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
  const last = stages.at(-1)?.atMs ?? 10
  const step = niceStep((last * HEADROOM - fromMs) / 5)
  const toMs = Math.ceil((last * HEADROOM) / step) * step
  const place = (atMs: number) => left + (width * (atMs - fromMs)) / (toMs - fromMs)
  const ticks = []
  for (let atMs = Math.ceil(fromMs / step) * step; atMs <= toMs + step / 1e6; atMs += step) {
    if (fromMs === 0 || atMs - fromMs > step / 2) ticks.push({ atMs, left: place(atMs) })
  }
  return {
    fromMs,
    toMs,
    left,
    width,
    ticks,
    stages: assignLanes(stages.map((stage) => ({ ...stage, left: place(stage.atMs), lane: 0 }))),
  }
}

/** Later labels sit lower, so no leader line ever crosses a label. */
function assignLanes(stages: PlacedStage[]): PlacedStage[] {
  for (let index = stages.length - 1; index >= 0; index--) {
    const stage = stages[index]
    if (!stage) continue
    const end = stage.left + (stage.label.length * LABEL_PX_PER_CHARACTER + LABEL_PX_FIXED) / ASSUMED_WIDTH_PX
    const below = stages.slice(index + 1).filter((other) => other.left < end)
    stage.lane = below.length === 0 ? 0 : Math.max(...below.map((other) => other.lane)) + 1
  }
  return stages
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-3)))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10
  return factor * power
}
