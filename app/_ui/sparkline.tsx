import type { SparkPoint } from '@/server/trpc/node-tile'

const WIDTH = 200
const HEIGHT = 32

type Props = { points: SparkPoint[]; untilMs: number; spanMs: number; usualHighPps: number | null }

/** Five minutes in a line: wire thin grey, delivered solid, the upper edge of usual as ground. Gaps stay gaps. */
export function Sparkline({ points, untilMs, spanMs, usualHighPps }: Props) {
  const fromMs = untilMs - spanMs
  const shown = points.filter((point) => point.atMs >= fromMs)
  const highest = Math.max(1, ...shown.map((point) => point.wirePps))
  const top = Math.max(highest * 1.05, (usualHighPps ?? highest) * 1.6)
  const x = (atMs: number) => (((atMs - fromMs) / spanMs) * WIDTH).toFixed(1)
  const y = (pps: number) => (HEIGHT - 1 - (pps / top) * (HEIGHT - 2)).toFixed(1)
  const usualY = usualHighPps === null ? null : Number(y(usualHighPps))
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="block h-8 w-full overflow-visible"
      fill="none"
    >
      {usualY === null ? null : (
        <rect x="0" y={usualY} width={WIDTH} height={HEIGHT - usualY} fill="var(--accent)" opacity="0.1" />
      )}
      <path
        d={line(shown, (point) => `${x(point.atMs)} ${y(point.wirePps)}`)}
        stroke="var(--wire)"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={line(shown, (point) => `${x(point.atMs)} ${y(point.deliveredPps)}`)}
        stroke="var(--accent)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

const GAP_MS = 2_500

function line(points: SparkPoint[], at: (point: SparkPoint) => string): string {
  let path = ''
  let before = Number.NEGATIVE_INFINITY
  for (const point of points) {
    path += `${point.atMs - before > GAP_MS ? 'M' : 'L'}${at(point)}`
    before = point.atMs
  }
  return path
}
