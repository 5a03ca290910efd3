import { bitRate, type Figure, packetRate, wholeNumber } from '@/app/_lib/figures'
import type { Grid, SeriesKey } from '@/app/_lib/node-series'
import type { ChartLine, ChartModel, ChartRange, ChartTint } from '@/app/_ui/time-chart'

type Quantity = 'pps' | 'bps' | 'count'

type LineSpec = Omit<ChartLine, 'values'> & {
  column: SeriesKey
  /** Left out of the axis under this focus. */
  isLooseIn?: string
  isQuiet?: boolean
}

/** One chart: the question it answers, and the lines that answer it. */
export type ChartSpec = {
  key: string
  title: string
  question: string
  quantity: Quantity
  height: number
  lines: LineSpec[]
  hatched?: [number, number]
  hasBand?: boolean
  /** What the axis may be fitted to: a flood makes everything else flat. */
  focuses?: readonly { value: string; words: string }[]
}

const FOCUSES = [
  { value: 'wire', words: 'On the wire' },
  { value: 'delivered', words: 'Delivered' },
] as const

export const CHARTS: readonly ChartSpec[] = [
  {
    key: 'packets',
    title: 'Packets',
    question: 'how much arrives, and how much of it the server gets',
    quantity: 'pps',
    height: 232,
    lines: [
      { name: 'Wire', column: 'wire_pps', token: '--wire', isLooseIn: 'delivered' },
      { name: 'Delivered', column: 'delivered_pps', token: '--accent', width: 2 },
      {
        name: 'Tripwire',
        column: 'tripwire_pps',
        token: '--ink-faint',
        dash: [5, 4],
        isLooseIn: 'delivered',
        isQuiet: true,
      },
    ],
    hatched: [0, 1],
    hasBand: true,
    focuses: FOCUSES,
  },
  {
    key: 'bits',
    title: 'Bits',
    question: 'how full the line is',
    quantity: 'bps',
    height: 132,
    lines: [
      { name: 'Wire', column: 'wire_bps', token: '--wire' },
      { name: 'Delivered', column: 'delivered_bps', token: '--accent', width: 2 },
    ],
    hatched: [0, 1],
  },
  {
    key: 'protocols',
    title: 'By protocol, on the wire',
    question: 'what kind of packets arrive',
    quantity: 'pps',
    height: 132,
    lines: [
      { name: 'UDP', column: 'udp_in_pps', token: '--accent', width: 1.75 },
      { name: 'TCP', column: 'tcp_in_pps', token: '--ink-soft', width: 1.25 },
      { name: 'ICMP', column: 'icmp_in_pps', token: '--ink-soft', width: 1.25, dash: [2, 3] },
      { name: 'Other', column: 'other_in_pps', token: '--ink-faint', width: 1.25, dash: [7, 3] },
    ],
  },
  {
    key: 'connections',
    title: 'TCP connections',
    question: 'who is connected, and who only knocks',
    quantity: 'count',
    height: 112,
    lines: [
      { name: 'Established', column: 'connections', token: '--accent', width: 1.75 },
      { name: 'Half open', column: 'syn_backlog', token: '--ink-soft', width: 1.25, dash: [4, 3] },
      { name: 'SYN a second', column: 'syn_pps', token: '--ink-faint', width: 1.25 },
    ],
  },
  {
    key: 'losses',
    title: 'Lost inside the server',
    question: 'whether the server itself keeps up',
    quantity: 'pps',
    height: 112,
    lines: [
      { name: 'Socket buffers full', column: 'socket_drops_pps', token: '--accent', width: 1.75 },
      { name: 'Listen queue full', column: 'listen_drops_pps', token: '--ink-soft', width: 1.25, dash: [4, 3] },
      { name: 'Kernel backlog full', column: 'softnet_drops_pps', token: '--ink-faint', width: 1.25 },
    ],
  },
]

export function modelOf(spec: ChartSpec, grid: Grid, focus: string, tints: ChartTint[]): ChartModel {
  const high = grid.columns.baseline_pps_high
  return {
    timesS: grid.timesS,
    lines: spec.lines.map(({ column, isLooseIn, isQuiet: _, ...line }) => ({
      ...line,
      values: grid.columns[column],
      isLoose: isLooseIn !== undefined && isLooseIn === focus,
    })),
    hatched: spec.hatched,
    band: spec.hasBand ? { high, low: high.map((value) => (value === null ? null : 0)) } : undefined,
    tints,
  }
}

const UNITS: Record<Quantity, [number, string][]> = {
  pps: [
    [1e6, 'Mpps'],
    [1e3, 'kpps'],
    [1, 'pps'],
  ],
  bps: [
    [1e9, 'Gbit/s'],
    [1e6, 'Mbit/s'],
    [1e3, 'kbit/s'],
    [1, 'bit/s'],
  ],
  count: [[1, '']],
}

/** Largest unit in which the highest point on screen is still more than one and a half. */
export function scaleOf({ quantity }: ChartSpec, model: ChartModel, { fromS, toS }: ChartRange): [number, string] {
  let top = 0
  for (const { values, isLoose } of model.lines) {
    if (isLoose) continue
    values.forEach((value, index) => {
      const at = model.timesS[index] as number
      if (value !== null && value > top && at >= fromS && at <= toS) top = value
    })
  }
  const units = UNITS[quantity]
  return units.find(([scale]) => top >= scale * 1.5) ?? (units.at(-1) as [number, string])
}

const FIGURES: Record<Quantity, (value: number) => Figure> = {
  pps: packetRate,
  bps: bitRate,
  count: (value) => ({ value: wholeNumber(value), unit: '' }),
}

export const figureOf = ({ quantity }: ChartSpec, value: number): Figure => FIGURES[quantity](value)
