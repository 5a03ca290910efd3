import { expect, test } from 'vitest'
import { Seconds } from './seconds'

const FROM_MS = 1_795_000_000_000
const BASE = FROM_MS / 1_000

test('seconds come in any order, count once, and what never came is a gap', () => {
  const seconds = new Seconds()
  for (const second of [3, 1, 1, 5]) seconds.put(BASE + second, second * 10, second, 7, 9)
  expect([1, 2, 3, 4, 5].map((second) => seconds.wireAt(BASE + second))).toEqual([10, Number.NaN, 30, Number.NaN, 50])
  expect(seconds.newest).toBe(BASE + 5)
  expect(seconds.missing(BASE)).toBe(2)
  seconds.put(BASE + 2, 20, 2, 7, 9)
  seconds.put(BASE + 4, 40, 4, 7, 9)
  expect(seconds.missing(BASE)).toBe(0)
})

test('what is not known yet at the beginning is no gap: the node may be young', () => {
  const seconds = new Seconds()
  seconds.put(BASE + 100, 1, 1, null, null)
  expect(seconds.missing(BASE)).toBe(0)
})

test('what is older than five minutes does not overwrite what is new', () => {
  const seconds = new Seconds()
  seconds.put(BASE + 1_000, 5, 5, null, null)
  seconds.put(BASE + 1_000 - 384, 99, 99, null, null)
  expect(seconds.wireAt(BASE + 1_000)).toBe(5)
  expect(seconds.newest).toBe(BASE + 1_000)
})

test('the text of the platform is read: delivered as wire where it is left out, the band as before', () => {
  const seconds = new Seconds()
  seconds.putTail('1,900;2,901,900,850,1100;3,50000,800;5,902', FROM_MS)
  const read = [1, 2, 3, 5].map((second) => [
    seconds.wireAt(BASE + second),
    seconds.deliveredAt(BASE + second),
    seconds.usualHighAt(BASE + second),
  ])
  expect(read).toEqual([
    [900, 900, Number.NaN],
    [901, 900, 1_100],
    [50_000, 800, 1_100],
    [902, 902, 1_100],
  ])
  expect(seconds.has(BASE + 4)).toBe(false)
})
