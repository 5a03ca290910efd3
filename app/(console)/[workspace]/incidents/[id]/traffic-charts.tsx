'use client'
import { useMemo, useState } from 'react'
import { bitRate, packetRate } from '@/app/_lib/figures'
import { type Columns, type Series, toColumns } from '@/app/_lib/series'
import { Figure } from '@/app/_ui/figure'
import { LegendItem } from '@/app/_ui/legend-item'
import { Plot, type PlotWindow } from '@/app/_ui/plot'
import { Segments } from '@/app/_ui/segments'
import { Time } from '@/app/_ui/time'
import type { ChartRange } from '@/app/_ui/time-chart'

type Quantity = 'pps' | 'bps'

const QUANTITIES = [
  { value: 'pps', words: 'Packets' },
  { value: 'bps', words: 'Bits' },
]

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
}

const highest = (columns: Columns, of: number[]): number =>
  of.reduce((top, index) => Math.max(top, ...(columns[index] ?? []).map((value) => value ?? 0)), 0)

function axisUnit(quantity: Quantity, top: number): [number, string] {
  return UNITS[quantity].find(([scale]) => top >= scale * 1.5) ?? [1, quantity === 'pps' ? 'pps' : 'bit/s']
}

/** Two questions on one time axis: how big is it, and do players still get what is usual. */
export function TrafficCharts({ series, window, node }: { series: Series; window: PlotWindow; node: string }) {
  const [quantity, setQuantity] = useState<Quantity>('pps')
  const [cursor, setCursor] = useState<number | null>(null)
  const [zoom, setZoom] = useState<ChartRange | null>(null)
  const columns = useMemo(() => toColumns(series, quantity), [series, quantity])
  const [wireScale, wireUnit] = axisUnit(quantity, highest(columns, [1]))
  const [deliveredScale, deliveredUnit] = axisUnit(quantity, highest(columns, [2, 3]))
  const shared = { columns, window, range: zoom ?? undefined, onCursor: setCursor, onZoom: setZoom }
  if (series.points.length < 2) return <NoSamples node={node} />
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Readout columns={columns} index={cursor} quantity={quantity} />
        <Segments
          label="Show traffic in"
          options={QUANTITIES}
          value={quantity}
          onChange={(value) => setQuantity(value as Quantity)}
        />
      </div>
      <figure className="flex flex-col gap-1">
        <ChartTitle title="On the wire" unit={wireUnit} question="how big is it" />
        <Plot
          {...shared}
          show="wire"
          scale={wireScale}
          height={228}
          label={`Wire, dropped and delivered traffic of ${node}`}
        />
      </figure>
      <figure className="flex flex-col gap-1">
        <ChartTitle title="Delivered" unit={deliveredUnit} question="do players still get what is usual" />
        <Plot
          {...shared}
          show="delivered"
          scale={deliveredScale}
          height={148}
          label={`Traffic delivered to ${node} against what is usual`}
        />
      </figure>
      <Legend quantity={quantity} resolutionMs={series.resolutionMs} />
    </div>
  )
}

function ChartTitle({ title, unit, question }: { title: string; unit: string; question: string }) {
  return (
    <figcaption className="flex items-baseline gap-2">
      <span className="font-medium">{title}</span>
      <span className="text-sm text-faint">{unit}</span>
      <span className="ml-auto text-sm text-faint">{question}</span>
    </figcaption>
  )
}

function Readout({ columns, index, quantity }: { columns: Columns; index: number | null; quantity: Quantity }) {
  const shown = index ?? columns[0].length - 1
  const wire = columns[1][shown]
  const delivered = columns[2][shown]
  const rate = quantity === 'pps' ? packetRate : bitRate
  const figure = (value: number | null | undefined) =>
    value == null ? <span className="text-faint">no data</span> : <Figure figure={rate(value)} />
  const dropped = wire == null || delivered == null ? null : Math.max(0, wire - delivered)
  return (
    <dl className="grid grid-cols-[repeat(2,auto)] gap-x-6 gap-y-1 text-sm sm:grid-cols-[repeat(4,minmax(104px,auto))]">
      <Reading name={index === null ? 'Latest' : 'At'}>
        <Time atMs={(columns[0][shown] ?? 0) * 1_000} />
      </Reading>
      <Reading name="Wire">{figure(wire)}</Reading>
      <Reading name="Dropped">{figure(dropped)}</Reading>
      <Reading name="Delivered">{figure(delivered)}</Reading>
    </dl>
  )
}

function Reading({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="text-faint">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}

function Legend({ quantity, resolutionMs }: { quantity: Quantity; resolutionMs: number }) {
  return (
    <ul className="flex flex-wrap items-center gap-x-5 gap-y-1 text-sm text-soft">
      <LegendItem name="Wire, before our rules">
        <path d="M0 6H18" stroke="var(--wire)" />
      </LegendItem>
      <LegendItem name="Dropped">
        <path d="M0 11 6 1M6 11 12 1M12 11 18 1" stroke="var(--wire)" />
      </LegendItem>
      <LegendItem name="Delivered">
        <path d="M0 6H18" stroke="var(--accent)" strokeWidth="2" />
      </LegendItem>
      {quantity === 'pps' ? (
        <>
          <LegendItem name="Usual at this hour">
            <rect y="1" width="18" height="10" fill="var(--accent)" opacity="0.25" />
          </LegendItem>
          <LegendItem name="Tripwire">
            <path d="M0 6H18" stroke="var(--ink-faint)" strokeDasharray="4 3" />
          </LegendItem>
        </>
      ) : null}
      <LegendItem name="Incident">
        <rect y="0" width="18" height="12" fill="var(--state-attack)" opacity="0.16" />
        <path d="M0.5 0V12" stroke="var(--state-attack)" />
      </LegendItem>
      <li className="ml-auto text-faint">
        1 point = {resolutionMs / 1_000} s <span data-noprint>· drag to zoom, double-click to go back</span>
      </li>
    </ul>
  )
}

function NoSamples({ node }: { node: string }) {
  return (
    <p className="max-w-xl py-4 text-soft">
      No per-second samples of {node} around this incident are here yet. The node sends them once its link is free, and
      they appear by themselves.
    </p>
  )
}
