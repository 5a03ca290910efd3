'use client'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import type { Columns } from '@/app/_lib/series'
import { readColour, useSchemeVersion } from './theme-colours'

export type PlotWindow = { fromMs: number; toMs: number | null }

type Props = {
  columns: Columns
  /** Divides values on the axis, so that the unit is printed once. */
  scale: number
  height: number
  label: string
  /** Draw wire and the dropped band, or delivered alone. */
  show: 'wire' | 'delivered'
  window?: PlotWindow
  onCursor?: (index: number | null) => void
}

/** One hand for all time series: wire grey, delivered solid, dropped hatched, usual as a band, tripwire dashed. */
export function Plot({ columns, scale, height, label, show, window, onCursor }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef({ columns, window, onCursor })
  latest.current = { columns, window, onCursor }
  const scheme = useSchemeVersion()

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scheme means new colours, so the canvas is made anew
  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new uPlot(options({ element, height, scale, show, latest }), latest.current.columns, element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [height, scale, show, scheme])

  useEffect(() => {
    const made = plot.current
    if (!made) return
    if (made.data === columns) return
    const { min, max } = made.scales.x ?? {}
    const [times] = made.data
    const isZoomed = min != null && (min !== times[0] || max !== times[times.length - 1])
    made.setData(columns, !isZoomed)
    if (isZoomed) made.redraw()
  }, [columns])

  return <div ref={host} role="img" aria-label={label} style={{ height }} className="w-full" />
}

type Latest = { current: Pick<Props, 'columns' | 'window' | 'onCursor'> }

function options(given: {
  element: HTMLElement
  height: number
  scale: number
  show: Props['show']
  latest: Latest
}): uPlot.Options {
  const { element, height, scale, show, latest } = given
  const line = readColour('--line')
  const faint = readColour('--ink-faint')
  const delivered = readColour('--accent')
  const font = `11px ${getComputedStyle(element).fontFamily}`
  const axis = { stroke: faint, font, ticks: { show: false }, grid: { stroke: line, width: 1 } }
  return {
    width: element.clientWidth,
    height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'page' }, drag: { x: true, y: false }, points: { size: 7, width: 2 }, y: false },
    scales: {
      x: { time: true },
      y: { range: (_, _min, max) => [0, Math.max(max, scale) * (show === 'wire' ? 1.08 : 1.35)] },
    },
    axes: [
      { ...axis, size: 26, values: clockValues, space: 90, grid: { show: false } },
      {
        ...axis,
        size: 46,
        space: 34,
        values: (_, splits) => splits.map((value) => String(Number((value / scale).toPrecision(4)))),
      },
    ],
    series: [
      {},
      {
        scale: 'y',
        show: show === 'wire',
        stroke: readColour('--wire'),
        width: 1,
        spanGaps: false,
        points: { show: false },
      },
      {
        scale: 'y',
        stroke: delivered,
        width: 2,
        fill: show === 'delivered' ? undefined : readColour('--accent', 0.16),
        spanGaps: false,
        points: { show: false },
      },
      { scale: 'y', show: show === 'delivered', stroke: 'transparent', points: { show: false } },
      { scale: 'y', show: show === 'delivered', stroke: 'transparent', points: { show: false } },
      {
        scale: 'y',
        show: show === 'wire',
        stroke: faint,
        width: 1,
        dash: [5, 4],
        spanGaps: false,
        points: { show: false },
      },
    ],
    bands: [
      ...(show === 'wire' ? [{ series: [1, 2] as [number, number], fill: hatch() }] : []),
      ...(show === 'delivered' ? [{ series: [3, 4] as [number, number], fill: readColour('--accent', 0.18) }] : []),
    ],
    hooks: {
      drawClear: [(made) => tintWindow(made, latest.current.window)],
      setCursor: [(made) => latest.current.onCursor?.(made.cursor.idx ?? null)],
    },
  }
}

const clockValues: uPlot.Axis.Values = (_, splits) =>
  splits.map((second) => new Date(second * 1_000).toLocaleTimeString('en-GB', { hourCycle: 'h23' }))

/** Ground tint for the time of the incident, with a hairline where it began. */
function tintWindow(made: uPlot, window: PlotWindow | undefined): void {
  if (!window) return
  const { ctx, bbox } = made
  const clamp = (x: number) => Math.min(Math.max(x, bbox.left), bbox.left + bbox.width)
  const left = clamp(made.valToPos(window.fromMs / 1_000, 'x', true))
  const right = window.toMs === null ? bbox.left + bbox.width : clamp(made.valToPos(window.toMs / 1_000, 'x', true))
  ctx.save()
  ctx.fillStyle = readColour('--state-attack', 0.07)
  ctx.fillRect(left, bbox.top, right - left, bbox.height)
  ctx.fillStyle = readColour('--state-attack', 0.6)
  ctx.fillRect(left, bbox.top, devicePixelRatio, bbox.height)
  ctx.restore()
}

/** Diagonal hatching for what was dropped: readable without colour and in print. */
function hatch(): CanvasPattern {
  const size = 8 * devicePixelRatio
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const ctx = tile.getContext('2d')!
  ctx.strokeStyle = readColour('--wire', 0.55)
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift, size)
    ctx.lineTo(shift + size, 0)
  }
  ctx.stroke()
  return ctx.createPattern(tile, 'repeat')!
}
