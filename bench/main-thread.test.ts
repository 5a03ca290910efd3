import { expect, test } from 'vitest'
import { frameWork, type TraceEvent } from './main-thread'

const event = (name: string, tsMs: number, durMs = 0, tid = 1): TraceEvent => ({
  name,
  ph: 'X',
  ts: tsMs * 1_000,
  dur: durMs * 1_200,
  tdur: durMs * 1_000,
  pid: 1,
  tid,
})

test('a frame costs what the task took that drew it, by the thread’s own time; other tasks and threads are kept apart', () => {
  const frame = (tsMs: number, durMs: number) => [
    event('ThreadControllerImpl::RunTask', tsMs, durMs),
    event('FireAnimationFrame', tsMs + 0.1, 0.1),
  ]
  const events = [
    ...frame(0, 2),
    event('ThreadControllerImpl::RunTask', 5, 6),
    event('ThreadControllerImpl::RunTask', 5, 60, 2),
    ...frame(16, 1),
    ...frame(32, 3),
    ...frame(50, 4),
  ]
  expect(frameWork(events)).toMatchObject({ frames: 4, p50Ms: 2, p95Ms: 4, maxMs: 4, otherMaxMs: 6, busyPercent: 32 })
})
