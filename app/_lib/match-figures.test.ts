import { expect, test } from 'vitest'
import type { Sample } from '@/wire/sample'
import { sumSeconds, verifiedLossOf } from './match-figures'

const NOW_MS = 1_795_000_000_000
const second = (agoMs: number, pps: number): Sample =>
  ({
    atMs: NOW_MS - agoMs,
    wire: { pps, bps: pps * 800 },
    delivered: { pps: pps / 2, bps: pps * 400 },
    verifiedClients: 10,
    connections: 3,
  }) as Sample

test('figures of a match are sums over its servers, and of what is of now alone', () => {
  expect(sumSeconds([second(1_000, 400), second(2_000, 600), second(60_000, 9_999)], NOW_MS)).toEqual({
    reporting: 2,
    players: 20,
    wire: { pps: 1_000, bps: 800_000 },
    delivered: { pps: 500, bps: 400_000 },
    connections: 6,
  })
  expect(sumSeconds([second(60_000, 1)], NOW_MS)).toBeNull()
})

test('the loss of verified clients counts what the cut and full buffers took, over all attacks that go on', () => {
  const verified = { count: 5, packetsIn: 1_000, packetsPastCut: 990, socketBufferDrops: 5 }
  expect(
    verifiedLossOf([{ verified }, { verified: { ...verified, packetsPastCut: 1_010, socketBufferDrops: 0 } }]),
  ).toEqual({
    packetsIn: 2_000,
    lost: 15,
  })
  expect(verifiedLossOf([])).toBeNull()
})
