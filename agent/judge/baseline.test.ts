import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addToSketch, bandOf, emptyBaseline, LEARNING_SECONDS, learn, quantile } from './baseline'

const rates = (total: number) => ({ total, udp: total, syn: 0, tcp: 0 })

test('quantiles of the sketch are within two per cent of the true value', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 20, maxLength: 200 }), (values) => {
      const sketch = values.reduce((so, value) => addToSketch(so, value, 1_000), { counts: {}, total: 0 })
      const sorted = [...values].sort((a, b) => a - b)
      const median = sorted[Math.ceil(values.length / 2) - 1] ?? 0
      expect(Math.abs(quantile(sketch, 0.5) - median)).toBeLessThanOrEqual(median * 0.045)
    }),
  )
})

test('nothing is called usual before enough seconds were learned', () => {
  let baseline = emptyBaseline()
  for (let second = 0; second < LEARNING_SECONDS - 1; second++) baseline = learn(baseline, second * 1e6, rates(1_000))
  expect(bandOf(baseline, 'total', 0)).toBeNull()
  baseline = learn(baseline, 0, rates(1_000))
  expect(bandOf(baseline, 'total', 0)?.pps).toBeCloseTo(1_000, -2)
})

test('a few loud seconds do not move the usual rate', () => {
  let baseline = emptyBaseline()
  for (let second = 0; second < 200; second++)
    baseline = learn(baseline, second * 1e6, rates(second % 100 === 0 ? 400_000 : 1_000))
  expect(bandOf(baseline, 'total', 0)?.pps).toBeLessThan(1_100)
})

test('the sketch stays small however long it learns', () => {
  let sketch = { counts: {} as Record<string, number>, total: 0 }
  for (let at = 0; at < 5_000; at++) sketch = addToSketch(sketch, 900 + (at % 200), 300)
  expect(sketch.total).toBeLessThanOrEqual(300)
  expect(Object.keys(sketch.counts).length).toBeLessThan(20)
})
