'use client'
import { useMemo, useState } from 'react'
import { countPoints, type Grid, resolutionWords } from '@/app/_lib/node-series'
import { Section } from '@/app/_ui/section'
import { Segments } from '@/app/_ui/segments'
import { Skeleton } from '@/app/_ui/skeleton'
import { Time } from '@/app/_ui/time'
import { type ChartRange, type ChartTint, TimeChart } from '@/app/_ui/time-chart'
import type { NodeDetail } from '@/server/trpc/node-view'
import { CHARTS, type ChartSpec, modelOf, scaleOf } from './chart-specs'
import { Flags } from './flags'
import { ChartLegend, Readout } from './readout'
import { isLiveSpan, RANGES, useNodeSeries, useZoomed } from './use-node'

type Props = { workspace: string; node: NodeDetail }

const PRESETS = RANGES.map(({ words, spanMs }) => ({ value: String(spanMs), words }))

/** Five questions on one time axis; cursors move together, and so does the zoom. */
export function Charts({ workspace, node }: Props) {
  const [spanMs, setSpanMs] = useState<number>(3_600_000)
  const [zoom, setZoom] = useState<ChartRange | null>(null)
  const series = useNodeSeries(workspace, node.id, spanMs)
  const grid = useZoomed(workspace, node.id, series.grid, zoom)
  const choose = (value: string) => {
    setSpanMs(Number(value))
    setZoom(null)
  }
  return (
    <Section
      title="Traffic"
      aside={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {zoom ? <ZoomedTo zoom={zoom} onBack={() => setZoom(null)} /> : null}
          <Segments label="Time shown" options={PRESETS} value={String(spanMs)} onChange={choose} />
        </span>
      }
    >
      {series.grid === null && series.failure !== null ? (
        <p role="status" className="py-8 text-soft">
          The figures could not be loaded: {series.failure} We go on trying.
        </p>
      ) : grid === null || series.grid === null ? (
        <Waiting />
      ) : grid.timesS.length === 0 ? (
        <NoSeconds node={node} spanMs={spanMs} />
      ) : (
        <Drawn
          node={node}
          workspace={workspace}
          grid={grid}
          range={zoom ?? wholeRange(series.grid, spanMs, Date.now() + series.aheadMs)}
          onZoom={setZoom}
        />
      )}
    </Section>
  )
}

/** A second is on its way for this long; a silence beyond it shows as a gap up to now. */
const ON_ITS_WAY_S = 3

/** Up to the newest point, or to now when the node is silent; a young node's axis is as long as any. */
function wholeRange({ timesS }: Grid, spanMs: number, nowMs: number): ChartRange {
  const toS = Math.max(timesS.at(-1) ?? 0, Math.floor(nowMs / 1_000) - ON_ITS_WAY_S)
  return { fromS: toS - spanMs / 1_000, toS }
}

type DrawnProps = Props & { grid: Grid; range: ChartRange; onZoom: (zoom: ChartRange | null) => void }

function Drawn({ node, workspace, grid, range, onZoom }: DrawnProps) {
  const [cursor, setCursor] = useState<number | null>(null)
  const tints = useMemo(() => tintsOf(node), [node])
  return (
    <div className="flex flex-col gap-6">
      {CHARTS.map((spec, index) => (
        <div key={spec.key} className="flex flex-col gap-1">
          {index === 0 ? <Flags workspace={workspace} node={node} range={range} /> : null}
          <Chart {...{ spec, grid, range, tints, cursor, onZoom }} node={node.name} onCursor={setCursor} />
        </div>
      ))}
      <Footing grid={grid} />
    </div>
  )
}

type ChartProps = {
  spec: ChartSpec
  grid: Grid
  range: ChartRange
  tints: ChartTint[]
  node: string
  cursor: number | null
  onCursor: (index: number | null) => void
  onZoom: (zoom: ChartRange | null) => void
}

function Chart({ spec, grid, range, tints, node, cursor, onCursor, onZoom }: ChartProps) {
  const [focus, setFocus] = useState(spec.focuses?.[0]?.value ?? '')
  const model = useMemo(() => modelOf(spec, grid, focus, tints), [spec, grid, focus, tints])
  const [scale, unit] = useMemo(() => scaleOf(spec, model, range), [spec, model, range])
  return (
    <figure className="flex flex-col gap-1">
      <figcaption className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{spec.title}</span>
        <span className="text-sm text-faint">{unit}</span>
        <Readout spec={spec} grid={grid} index={cursor} />
        <span className="ml-auto text-sm text-faint">
          {spec.focuses ? (
            <Segments
              label="Fit the axis to what is"
              options={[...spec.focuses]}
              value={focus}
              onChange={setFocus}
              isSmall
            />
          ) : (
            spec.question
          )}
        </span>
      </figcaption>
      <TimeChart
        model={model}
        range={range}
        scale={scale}
        height={spec.height}
        label={`${spec.title} of ${node}: ${spec.question}`}
        onCursor={onCursor}
        onZoom={onZoom}
      />
      <ChartLegend spec={spec} />
    </figure>
  )
}

/** Red is for now: what is over is tinted like any other past. */
function tintsOf({ surges, incidents, state }: NodeDetail): ChartTint[] {
  const isSurging = state === 'surge'
  return [
    ...surges.map(({ startedMs, endedMs }, index) => ({
      fromMs: startedMs,
      toMs: endedMs ?? (isSurging && index === 0 ? null : startedMs),
      token: '--state-surge',
    })),
    ...incidents
      .filter((incident) => incident.state !== 'rejected')
      .map(({ startedMs, endedMs }) => ({
        fromMs: startedMs,
        toMs: endedMs,
        token: endedMs === null ? '--state-attack' : '--ink-faint',
      })),
  ]
}

function Footing({ grid }: { grid: Grid }) {
  const { known, missing } = countPoints(grid)
  return (
    <p className="flex flex-wrap justify-between gap-x-6 text-sm text-faint">
      <span data-part="resolution" data-missing={missing} data-points={known}>
        1 point = {resolutionWords(grid.resolutionMs)}
        {grid.resolutionMs > 1_000 ? ', the mean of its seconds' : ''}
        {missing === 0 ? ', none missing' : `, ${missing} missing: gaps are gaps`}
      </span>
      <span data-noprint>Drag to zoom, double-click to go back</span>
    </p>
  )
}

function ZoomedTo({ zoom, onBack }: { zoom: ChartRange; onBack: () => void }) {
  return (
    <span className="flex items-center gap-2">
      <Time atMs={zoom.fromS * 1_000} form="today" /> to <Time atMs={zoom.toS * 1_000} form="today" />
      <button type="button" onClick={onBack} className="font-medium text-accent underline underline-offset-2">
        Back
      </button>
    </span>
  )
}

/** As high as what follows, so that nothing jumps. */
const Waiting = () => (
  <div role="status" aria-label="Loading the charts" className="flex flex-col gap-6">
    {CHARTS.map(({ key, height }) => (
      <div key={key} style={{ height: height + 44 }}>
        <Skeleton className="h-full w-full" />
      </div>
    ))}
  </div>
)

function NoSeconds({ node, spanMs }: { node: NodeDetail; spanMs: number }) {
  const never = node.lastSeenMs === null
  return (
    <p role="status" className="max-w-xl py-6 text-soft">
      {never
        ? `${node.name} has sent nothing yet. Its first second shows here as soon as its agent runs.`
        : isLiveSpan(spanMs)
          ? `${node.name} has sent no second of this span. What it measured meanwhile waits on its disk and comes once it is connected again; choose a longer span to see what came before.`
          : `No figures of ${node.name} are kept for this span.`}
    </p>
  )
}
