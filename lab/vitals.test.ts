import { execaSync } from 'execa'
import { expect, test } from 'vitest'
import { slopePerHour, vitalsOf } from './vitals'

test('a slope is what grows in an hour, and none where nothing does', () => {
  const every = (value: (seconds: number) => number) =>
    [0, 120, 240, 360].map((seconds) => ({ seconds, value: value(seconds) }))
  expect(slopePerHour(every((seconds) => 50 + seconds / 360))).toBeCloseTo(10)
  expect(slopePerHour(every(() => 7))).toBe(0)
  expect(slopePerHour([{ seconds: 0, value: 1 }])).toBe(0)
})

test('vitals of a living process are counted, of a dead one nothing', () => {
  const mine = vitalsOf(process.pid)
  expect(mine.memoryMb).toBeGreaterThan(5)
  expect(mine.handles).toBeGreaterThan(mine.sockets)
  expect(mine.processes).toBeGreaterThanOrEqual(1)
  const ended = execaSync(process.execPath, ['-p', 'process.pid'])
  expect(vitalsOf(Number(ended.stdout)).processes).toBe(0)
})
