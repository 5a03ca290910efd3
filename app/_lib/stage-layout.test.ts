import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layOutStages, type Stage } from './stage-layout'

const stage = (atMs: number, key = String(atMs)): Stage => ({ key, label: 'rule in kernel', atMs, by: 'node' })

describe('stage ruler', () => {
  test('each segment is true to scale', () => {
    const [only] = layOutStages([stage(10), stage(20), stage(40)])
    const [ten, twenty, forty] = only?.stages ?? []
    expect(twenty!.left / ten!.left).toBeCloseTo(2)
    expect(forty!.left / ten!.left).toBeCloseTo(4)
  })

  test('milliseconds and seconds get a segment each, and the second goes on where the first ends', () => {
    const segments = layOutStages([stage(6), stage(96), stage(1_250), stage(32_000)])
    expect(segments.map((segment) => segment.stages.length)).toEqual([2, 2])
    expect(segments[1]?.fromMs).toBe(segments[0]?.toMs)
  })

  test('no stage leaves the ruler and no leader crosses a label', () => {
    const times = fc.array(fc.double({ min: 0.1, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(times, (atMs) => {
        for (const { stages } of layOutStages(atMs.map((at, index) => stage(at, String(index))))) {
          for (const placed of stages) expect(placed.left).toBeLessThan(0.97)
          for (const [index, placed] of stages.entries()) {
            const near = stages.slice(index + 1).filter((other) => other.left - placed.left < 0.1)
            for (const other of near) expect(other.lane).toBeLessThan(placed.lane)
          }
        }
      }),
    )
  })
})
