'use client'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { readColour, useSchemeVersion } from './theme-colours'
import { hatch } from './tile-chart'

type Values = (number | null)[]

/** `isLoose`: does not stretch the axis; drawn where it falls into it. */
export type ChartLine = {
  name: string
  values: Values
  token: string
  width?: number
  dash?: number[]
  fill?: number
  isLoose?: boolean
}

/** Ground tint of a span of time: an incident, a surge. */
export type ChartTint = { fromMs: number; toMs: number | null; token: string }

export type ChartModel = {
  timesS: number[]
  lines: ChartLine[]
  /** What is usual, as a soft band. */
  band?: { low: Values; high: Values }
  /** Hatched between these two lines, by their place. */
  hatched?: [upper: number, lower: number]
  tints?: ChartTint[]
}

export type ChartRange = { fromS: number; toS: number }

type Props = {
  model: ChartModel
  /** Time axis; all points when it is not given. */
  range?: ChartRange
  /** Divides values on the axis, so that the unit is printed once. */
  scale: number
  height: number
  label: string
  /** Head room over the highest value. */
  headroom?: number
  onCursor?: (index: number | null) => void
  onZoom?: (range: ChartRange | null) => void
}

/** One hand for all time series. Cursors of a page move together; drag to zoom, double-click to go back. */
export function TimeChart(props: Props) {
  const { model, range, scale, height, label, headroom } = props
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(props)
  latest.current = props
  const scheme = useSchemeVersion()
  const structure = JSON.stringify([
    model.lines.map(({ values: _, ...style }) => style),
    model.hatched,
    model.band !== undefined,
  ])

  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines or colours need another canvas
  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new uPlot(optionsOf(element, latest), dataOf(latest.current.model), element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [height, scale, headroom, scheme, structure])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new range or tint is drawn from the latest props
  useEffect(() => {
    plot.current?.setData(dataOf(model))
  }, [model, range?.fromS, range?.toS])

  return <div ref={host} role="img" aria-label={label} style={{ height }} className="w-full overflow-hidden" />
}

const dataOf = ({ timesS, lines, band }: ChartModel): uPlot.AlignedData =>
  [timesS, ...lines.map(({ values }) => values), ...(band ? [band.high, band.low] : [])] as uPlot.AlignedData

type Latest = { current: Props }

function optionsOf(element: HTMLElement, latest: Latest): uPlot.Options {
  const { scale, height, headroom = 1.1, model } = latest.current
  const faint = readColour('--ink-faint')
  const font = `11px ${getComputedStyle(element).fontFamily}`
  const axis = { stroke: faint, font, ticks: { show: false }, grid: { stroke: readColour('--line'), width: 1 } }
  return {
    width: element.clientWidth,
    height,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: cursorOf(latest),
    scales: {
      x: {
        time: true,
        range: (_, min, max) => {
          const { range } = latest.current
          return range ? [range.fromS, range.toS] : [min, max]
        },
      },
      y: { range: (_, _min, max) => [0, Math.max(max ?? 0, scale) * headroom] },
    },
    axes: [
      { ...axis, size: 26, values: clockValues, space: 90, grid: { show: false } },
      {
        ...axis,
        size: 46,
        space: 30,
        values: (_, splits) => splits.map((value) => String(Number((value / scale).toPrecision(4)))),
      },
    ],
    series: [{}, ...model.lines.map(seriesOf), ...(model.band ? [HIDDEN, HIDDEN] : [])],
    bands: bandsOf(model),
    hooks: {
      drawClear: [(made) => tint(made, latest.current.model.tints ?? [])],
      setCursor: [(made) => latest.current.onCursor?.(made.cursor.idx ?? null)],
      setSelect: [(made) => select(made, latest)],
    },
  }
}

const cursorOf = (latest: Latest): uPlot.Cursor => ({
  sync: { key: 'page' },
  drag: { x: true, y: false, setScale: false },
  points: { size: 7, width: 2 },
  y: false,
  bind: {
    dblclick: () => () => {
      latest.current.onZoom?.(null)
      return null
    },
  },
})

const HIDDEN: uPlot.Series = { scale: 'y', stroke: 'transparent', points: { show: false } }

const seriesOf = ({ token, width = 1, dash, fill, isLoose }: ChartLine): uPlot.Series => ({
  scale: 'y',
  auto: isLoose !== true,
  stroke: readColour(token),
  width,
  dash,
  fill: fill === undefined ? undefined : readColour(token, fill),
  spanGaps: false,
  points: { show: false, filter: lonePoints, size: 4, fill: readColour(token) },
})

/** A point between two gaps has no line; it is drawn as a dot, or it would not be seen at all. */
function lonePoints(made: uPlot, series: number): number[] {
  const values = made.data[series] ?? []
  const lone: number[] = []
  for (let at = 0; at < values.length; at += 1)
    if (values[at] != null && values[at - 1] == null && values[at + 1] == null) lone.push(at)
  return lone
}

function bandsOf({ lines, band, hatched }: ChartModel): uPlot.Band[] {
  const fill = hatched ? hatch(readColour('--wire', 0.55), devicePixelRatio, 8) : ''
  return [
    ...(hatched ? [{ series: [hatched[0] + 1, hatched[1] + 1] as uPlot.Band.Bounds, fill: fill as string }] : []),
    ...(band
      ? [{ series: [lines.length + 1, lines.length + 2] as uPlot.Band.Bounds, fill: readColour('--accent', 0.16) }]
      : []),
  ]
}

/** The clock, with the day where the axis covers several. */
const clockValues: uPlot.Axis.Values = (made, splits) => {
  const { min = 0, max = 0 } = made.scales.x ?? {}
  const days = ((max ?? 0) - (min ?? 0)) / 86_400
  return splits.map((second) => {
    const at = new Date(second * 1_000)
    if (days > 4) return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    const clock = at.toLocaleTimeString('en-GB', {
      hourCycle: 'h23',
      ...(days > 0.2 ? { hour: '2-digit', minute: '2-digit' } : {}),
    })
    return days > 1.5 ? `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${clock}` : clock
  })
}

function select(made: uPlot, { current: { onZoom } }: Latest): void {
  const { left, width } = made.select
  if (width < 4 || !onZoom) return
  onZoom({ fromS: made.posToVal(left, 'x'), toS: made.posToVal(left + width, 'x') })
  made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

/** Ground tint for spans of time, with a hairline where they began. */
function tint(made: uPlot, tints: readonly ChartTint[]): void {
  const { ctx, bbox } = made
  const clamp = (x: number) => Math.min(Math.max(x, bbox.left), bbox.left + bbox.width)
  ctx.save()
  for (const { fromMs, toMs, token } of tints) {
    const start = made.valToPos(fromMs / 1_000, 'x', true)
    const left = clamp(start)
    const right = toMs === null ? bbox.left + bbox.width : clamp(made.valToPos(toMs / 1_000, 'x', true))
    ctx.fillStyle = readColour(token, 0.08)
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    if (start < bbox.left || start > bbox.left + bbox.width) continue
    ctx.fillStyle = readColour(token, 0.6)
    ctx.fillRect(left, bbox.top, devicePixelRatio, bbox.height)
  }
  ctx.restore()
}
