import type { Sample } from '@/wire/sample'

/** What a chart of one node needs of a second. */
export type SeriesPoint = Pick<Sample, 'atMs' | 'wire' | 'dropped' | 'delivered' | 'baseline' | 'tripwirePps'>

export type Series = { resolutionMs: number; points: SeriesPoint[] }

type Column = (number | null)[]
/** Columns in drawing order: time (s), wire, delivered, upper edge of usual, its ground, tripwire. */
export type Columns = [number[], Column, Column, Column, Column, Column]

/** Lays points on an even grid; a missing second is a gap, never a line. */
export function toColumns({ resolutionMs, points }: Series, quantity: 'pps' | 'bps'): Columns {
  const columns: Columns = [[], [], [], [], [], []]
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return columns
  const byTime = new Map(points.map((point) => [point.atMs, point]))
  for (let atMs = first.atMs; atMs <= last.atMs; atMs += resolutionMs) {
    const point = byTime.get(atMs)
    const packets = quantity === 'pps'
    columns[0].push(atMs / 1_000)
    columns[1].push(point?.wire[quantity] ?? null)
    columns[2].push(point?.delivered[quantity] ?? null)
    columns[3].push(packets ? (point?.baseline?.ppsHigh ?? null) : null)
    columns[4].push(packets && point?.baseline ? 0 : null)
    columns[5].push(packets ? (point?.tripwirePps ?? null) : null)
  }
  return columns
}

/** Adds what came live; a second that is known already is replaced. */
export function appendPoint(series: Series, point: SeriesPoint, keep: number): Series {
  const last = series.points.at(-1)
  if (last && point.atMs < last.atMs) {
    const points = series.points.filter((known) => known.atMs !== point.atMs)
    points.push(point)
    return { ...series, points: points.sort((left, right) => left.atMs - right.atMs).slice(-keep) }
  }
  const points = last?.atMs === point.atMs ? series.points.slice(0, -1) : series.points
  return { ...series, points: [...points, point].slice(-keep) }
}
