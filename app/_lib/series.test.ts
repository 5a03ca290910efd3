import { expect, test } from 'vitest'
import { appendPoint, type SeriesPoint, toColumns } from './series'

const point = (atMs: number, pps: number): SeriesPoint => ({
  atMs,
  wire: { pps, bps: pps * 800 },
  dropped: { pps: 0, bps: 0 },
  delivered: { pps, bps: pps * 800 },
  baseline: { pps: 500, ppsHigh: 700 },
  tripwirePps: 2_000,
})

test('a missing second stays a gap', () => {
  const [times, wire] = toColumns({ resolutionMs: 1_000, points: [point(1_000, 5), point(3_000, 7)] }, 'pps')
  expect(times).toEqual([1, 2, 3])
  expect(wire).toEqual([5, null, 7])
})

test('a band and a tripwire are packets a second, so bits have none', () => {
  const columns = toColumns({ resolutionMs: 1_000, points: [point(1_000, 5)] }, 'bps')
  expect(columns.slice(1).map((column) => column[0])).toEqual([4_000, 4_000, null, null, null])
})

test('live seconds are put in order, replaced when repeated, and the oldest leave', () => {
  let series = { resolutionMs: 1_000, points: [point(1_000, 1), point(3_000, 3)] }
  series = appendPoint(series, point(2_000, 2), 3)
  series = appendPoint(series, point(3_000, 33), 3)
  series = appendPoint(series, point(4_000, 4), 3)
  expect(series.points.map(({ atMs, wire }) => [atMs, wire.pps])).toEqual([
    [2_000, 2],
    [3_000, 33],
    [4_000, 4],
  ])
})
