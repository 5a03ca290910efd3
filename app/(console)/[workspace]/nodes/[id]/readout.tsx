import type { Grid } from '@/app/_lib/node-series'
import { Figure } from '@/app/_ui/figure'
import { LegendItem } from '@/app/_ui/legend-item'
import { Time } from '@/app/_ui/time'
import { type ChartSpec, figureOf } from './chart-specs'

/** What stands under the cursor, or the latest point. Each name has its place, so figures change without moving others. */
export function Readout({ spec, grid, index }: { spec: ChartSpec; grid: Grid; index: number | null }) {
  const shown = index !== null && index < grid.timesS.length ? index : grid.timesS.length - 1
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-0.5 text-sm">
      {spec.key === 'packets' ? (
        <Reading name={index === null ? 'Latest' : 'At'} width="min-w-[112px]">
          <Time atMs={(grid.timesS[shown] ?? 0) * 1_000} form="today" />
        </Reading>
      ) : null}
      {spec.lines
        .filter(({ isQuiet }) => !isQuiet)
        .map((line) => {
          const { name, column } = line
          const value = grid.columns[column][shown]
          return (
            <Reading key={name} name={name} line={line}>
              {value == null ? <span className="text-faint">no data</span> : <Figure figure={figureOf(spec, value)} />}
            </Reading>
          )
        })}
    </dl>
  )
}

type Line = ChartSpec['lines'][number]

function Reading({
  name,
  line,
  width = 'min-w-[128px]',
  children,
}: {
  name: string
  line?: Line
  width?: string
  children: React.ReactNode
}) {
  return (
    <div className={`flex gap-1.5 ${width}`}>
      <dt className="flex items-center gap-1.5 whitespace-nowrap text-soft">
        {line ? <Swatch line={line} /> : null}
        {name}
      </dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}

/** The line as it is drawn. */
const Swatch = ({ line: { token, width = 1, dash } }: { line: Line }) => (
  <svg aria-hidden="true" width="18" height="12" viewBox="0 0 18 12" fill="none" className="shrink-0">
    <path d="M0 6H18" stroke={`var(${token})`} strokeWidth={width} strokeDasharray={dash?.join(' ')} />
  </svg>
)

/** What is drawn besides the lines that have a figure. */
export function ChartLegend({ spec }: { spec: ChartSpec }) {
  if (!spec.hasBand) return null
  return (
    <ul className="flex flex-wrap items-center gap-x-5 gap-y-1 pl-[46px] text-sm text-soft">
      <LegendItem name="Dropped">
        <path d="M0 11 6 1M6 11 12 1M12 11 18 1" stroke="var(--wire)" />
      </LegendItem>
      <LegendItem name="Usual at this hour, or less">
        <rect y="1" width="18" height="11" fill="var(--accent)" opacity="0.2" />
      </LegendItem>
      <LegendItem name="Tripwire (UDP)">
        <path d="M0 6H18" stroke="var(--ink-faint)" strokeDasharray="4 3" />
      </LegendItem>
      <LegendItem name="Incident">
        <rect width="18" height="12" fill="var(--ink-faint)" opacity="0.2" />
        <path d="M0.5 0V12" stroke="var(--ink-faint)" />
      </LegendItem>
      <LegendItem name="Surge">
        <rect width="18" height="12" fill="var(--state-surge)" opacity="0.2" />
        <path d="M0.5 0V12" stroke="var(--state-surge)" />
      </LegendItem>
    </ul>
  )
}
