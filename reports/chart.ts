import { axisSpan, packetRate } from '../app/_lib/figures'
import type { Chart } from './document'

export type Point = [x: number, y: number]
export type DrawnChart = {
  title: string
  /** Lines; a missing second is a gap. */
  lines: Point[][]
  /** Stretches in which something is usual: its upper edge, from left to right. */
  usual: Point[][]
  yTicks: { y: number; text: string }[]
  xTicks: { x: number; text: string; align: 'start' | 'middle' | 'end' }[]
  startX: number
  endX: number | null
}

const STEPS_MS = [5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000]
const X_TICKS_MAX = 7

/** Numbers of one chart as places in a box of this size: of what came over the wire, or of what was delivered. Pure. */
export function drawChart(chart: Chart, what: 'wire' | 'delivered', width: number, height: number): DrawnChart {
  const { points, startedMs, endedMs, seconds } = chart
  const fromMs = points[0]?.atMs ?? startedMs
  const toMs = Math.max(points.at(-1)?.atMs ?? startedMs, fromMs + 1)
  const read = (point: Chart['points'][number]): number => (what === 'wire' ? point.wirePps : point.deliveredPps)
  const usual = what === 'delivered'
  const top = niceTop(
    Math.max(1, ...points.map((point) => Math.max(read(point), usual ? (point.usualPpsHigh ?? 0) : 0))),
  )
  const x = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * width
  const y = (value: number): number => height - (value / top) * height
  const gapMs = seconds * 1_000 * 1.5
  const split = (value: (point: Chart['points'][number]) => number | null): Point[][] => {
    const pieces: Point[][] = []
    let lastMs = Number.NEGATIVE_INFINITY
    for (const point of points) {
      const now = value(point)
      if (now === null) continue
      if (point.atMs - lastMs > gapMs) pieces.push([])
      pieces.at(-1)?.push([x(point.atMs), y(now)])
      lastMs = point.atMs
    }
    return pieces
  }
  return {
    title: what === 'wire' ? 'On the wire, packets a second' : 'Delivered, packets a second',
    lines: split(read),
    usual: usual ? split((point) => point.usualPpsHigh) : [],
    yTicks: [0, top / 2, top].map((value) => ({ y: y(value), text: tickText(value) })),
    xTicks: ticksOf(fromMs, toMs, startedMs).map((ms) => ({
      x: x(ms),
      text: ms === startedMs ? 'first packet' : `${ms < startedMs ? '−' : '+'}${axisSpan(Math.abs(ms - startedMs))}`,
      align: x(ms) < width * 0.06 ? 'start' : x(ms) > width * 0.94 ? 'end' : 'middle',
    })),
    startX: Math.max(0, x(startedMs)),
    endX: endedMs === null ? null : Math.min(width, x(endedMs)),
  }
}

const tickText = (pps: number): string => {
  const { value, unit } = packetRate(pps)
  return pps === 0 ? '0' : `${value.replace(/\.?0+$/, (end) => (value.includes('.') ? '' : end))} ${unit}`
}

/** The next of 1, 2, 4, 5 or 10 times a power of ten: halves of it are round as well. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10)
}

function ticksOf(fromMs: number, toMs: number, startedMs: number): number[] {
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= X_TICKS_MAX) ?? (toMs - fromMs) / X_TICKS_MAX
  const first = Math.ceil((fromMs - startedMs) / stepMs)
  const last = Math.floor((toMs - startedMs) / stepMs)
  return Array.from({ length: last - first + 1 }, (_, index) => startedMs + (first + index) * stepMs)
}

/** What the lines are, and how finely they were drawn. */
export const chartNote = ({ seconds }: Chart): string =>
  `${seconds === 1 ? 'One point is a second.' : `One point is the highest of ${seconds} seconds.`} The grey ground is what is usual at this hour; the upright lines are the first packet and the end.`
