import { expect, test } from 'vitest'
import { EchoLog, summarise } from './echo-log'

test('a packet without an echo is lost, a late second echo changes nothing', () => {
  const log = new EchoLog()
  const first = log.send(1_000)
  log.send(2_000)
  log.echo(first, 1_400)
  log.echo(first, 9_000)
  expect(log.window(0, 10_000)).toEqual([400, -1])
  expect(summarise(log.window(0, 10_000))).toEqual({ sent: 3, lost: 1, rttMs: { p50: 0.4, p99: 0.4, max: 0.4 } })
})

test('only packets sent within the window count', () => {
  const log = new EchoLog()
  for (const atUs of [10, 20, 30]) log.echo(log.send(atUs), atUs + 1)
  expect(log.window(20, 30)).toEqual([1])
})

test('the log keeps its newest packets when its ring is full', () => {
  const log = new EchoLog()
  for (let index = 0; index < 20_000; index += 1) log.echo(log.send(index), index + 5)
  expect(log.window(0, 20_000)).toHaveLength(16_384)
  expect(log.window(19_999, 20_000)).toEqual([5])
})

test('an echo of a number never sent is ignored', () => {
  const log = new EchoLog()
  log.echo(3, 10)
  expect(summarise(log.window(0, 100))).toEqual({ sent: 0, lost: 0, rttMs: null })
})
