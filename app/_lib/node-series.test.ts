import { expect, test } from 'vitest'
import { simulatedSample } from '../../server/testing/agent-simulator'
import { addSamples, countPoints, type Grid, resolutionWords, type SeriesAnswer, toGrid } from './node-series'

const FROM_MS = 1_795_000_000_000

function answer(seconds: number[], resolutionMs = 1_000): SeriesAnswer {
  const at_ms = seconds.map((second) => FROM_MS + second * resolutionMs)
  const wire_pps = seconds.map((second) => second)
  return {
    nowMs: FROM_MS + 60_000,
    fromMs: FROM_MS,
    toMs: FROM_MS + 60_000,
    resolutionMs,
    columns: { at_ms, wire_pps } as unknown as SeriesAnswer['columns'],
  }
}

const wire = (grid: Grid) => grid.columns.wire_pps
const sampleAt = (second: number) => simulatedSample(FROM_MS + second * 1_000, second)

test('a point that is missing is null, on an even grid from the span on', () => {
  const grid = toGrid(answer([2, 4]))
  expect(grid.timesS.map((at) => at - FROM_MS / 1_000)).toEqual([1, 2, 3, 4])
  expect(wire(grid)).toEqual([null, 2, null, 4])
  expect(countPoints(grid)).toEqual({ known: 2, missing: 1 })
})

test('live seconds are put where they belong, late ones too, and the oldest leave', () => {
  let grid = toGrid(answer([1, 2]))
  grid = addSamples(grid, [sampleAt(5)], 10_000)
  expect(wire(grid)).toEqual([1, 2, null, null, 5])
  grid = addSamples(grid, [sampleAt(4), sampleAt(3), sampleAt(6)], 5_000)
  expect(wire(grid)).toEqual([2, 3, 4, 5, 6])
  expect(countPoints(grid)).toEqual({ known: 5, missing: 0 })
})

test('what is asked for again fills the gap and loses nothing that came live meanwhile', () => {
  const live = addSamples(toGrid(answer([1, 2])), [sampleAt(6)], 60_000)
  expect(wire(toGrid(answer([1, 2, 3, 4, 5]), live))).toEqual([1, 2, 3, 4, 5, 6])
})

test('an empty answer takes live seconds all the same', () => {
  expect(wire(addSamples(toGrid(answer([])), [sampleAt(3)], 60_000))).toEqual([3])
})

test('a resolution is said in the largest unit that fits', () => {
  expect([1_000, 60_000, 300_000, 3_600_000].map(resolutionWords)).toEqual(['1 s', '1 min', '5 min', '1 h'])
})
