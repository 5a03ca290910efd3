import { expect, test } from 'vitest'
import type { VectorReport } from '../../wire/incident'
import { placeVectors } from './vector-spans'

const vector = (part: Partial<VectorReport>): VectorReport => ({
  id: 'dns_amp',
  confidence: 1,
  share: 1,
  startUs: 1_000_000,
  endUs: null,
  targetPort: null,
  ...part,
})

test('vectors lie where they began and ended, in the order of their beginning', () => {
  const { spans } = placeVectors(
    [vector({ id: 'syn_flood', startUs: 6_000_000, endUs: 11_000_000 }), vector({ endUs: 6_000_000 })],
    1_000,
    11_000,
  )
  expect(spans.map(({ vector: { id }, left, width }) => [id, left, width])).toEqual([
    ['dns_amp', 0, 0.5],
    ['syn_flood', 0.5, 0.5],
  ])
})

test('one that goes on reaches the end, and none leaves the axis', () => {
  const { spans, ticks } = placeVectors([vector({ startUs: 0 }), vector({ startUs: 99e6, endUs: 1 })], 1_000, 11_000)
  for (const { left, width } of spans) {
    expect(left).toBeGreaterThanOrEqual(0)
    expect(left + width).toBeLessThanOrEqual(1)
  }
  expect(spans[0]?.width).toBe(1)
  expect(ticks.map(({ atMs }) => atMs)).toEqual([0, 5_000, 10_000])
})
