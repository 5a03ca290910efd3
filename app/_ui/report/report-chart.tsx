import { chartNote, type DrawnChart, drawChart, type Point } from '@/reports/chart'
import type { Chart } from '@/reports/document'

const WIDTH = 820
const AXIS = 84
const HEIGHT = { wire: 170, delivered: 120 }
const BELOW = 24
const ABOVE = 8

/** Two plots on one time axis, drawn on the server; no script, so that it prints as it stands. */
export function ReportChart({ chart }: { chart: Chart }) {
  return (
    <figure className="flex flex-col gap-2">
      {(['wire', 'delivered'] as const).map((what) => {
        const drawn = drawChart(chart, what, WIDTH - AXIS, HEIGHT[what])
        return (
          <div key={what} className="flex flex-col gap-1 [break-inside:avoid]">
            <p className="font-medium">{drawn.title}</p>
            <Plot drawn={drawn} height={HEIGHT[what]} what={what} label={`${chart.label}. ${drawn.title}`} />
          </div>
        )
      })}
      <figcaption className="text-sm text-faint">{chartNote(chart)}</figcaption>
    </figure>
  )
}

type PlotProps = { drawn: DrawnChart; height: number; what: 'wire' | 'delivered'; label: string }

function Plot({ drawn, height, what, label }: PlotProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 ${-ABOVE} ${WIDTH} ${height + ABOVE + BELOW}`}
      className="h-auto w-full"
    >
      <g transform={`translate(${AXIS} 0)`}>
        {drawn.usual.map((area) => (
          <path key={area[0]?.join()} d={areaPath(area, height)} fill="var(--line)" />
        ))}
        {drawn.yTicks.map(({ y, text }) => (
          <g key={y}>
            <path d={`M0 ${y}H${WIDTH - AXIS}`} stroke="var(--line)" />
            <text x={-8} y={y + 4} textAnchor="end" fontSize="12" fill="var(--ink-faint)">
              {text}
            </text>
          </g>
        ))}
        {[drawn.startX, drawn.endX].map((x, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the first is the beginning, the second the end
          x === null ? null : <path key={index} d={`M${x} 0V${height}`} stroke="var(--ink)" />,
        )}
        {drawn.lines.map((line) => (
          <path
            key={line[0]?.join()}
            d={linePath(line)}
            fill="none"
            stroke={what === 'wire' ? 'var(--wire)' : 'var(--ink)'}
            strokeWidth={what === 'wire' ? 1.2 : 2}
          />
        ))}
        {drawn.xTicks.map(({ x, text, align }) => (
          <text key={x} x={x} y={height + 16} textAnchor={align} fontSize="12" fill="var(--ink-faint)">
            {text}
          </text>
        ))}
      </g>
    </svg>
  )
}

const place = ([x, y]: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`
const linePath = (points: Point[]): string => `M${points.map(place).join('L')}`

function areaPath(points: Point[], height: number): string {
  const [first, last] = [points[0], points.at(-1)]
  return first && last ? `M${first[0]} ${height}L${points.map(place).join('L')}L${last[0]} ${height}Z` : ''
}
