import { expect, test } from 'vitest'
import { loggedPackets } from './tap'

test('only rules that log are counted', () => {
  const counter = (packets: number) => ({ counter: { packets, bytes: packets * 60 } })
  const log = { log: { prefix: 'u', group: 5301 } }
  const listing = {
    nftables: [
      { metainfo: {} },
      { chain: { name: 'trip_udp' } },
      { rule: { expr: [{ limit: { rate: 1 } }, counter(1), log] } },
      { rule: { expr: [{ limit: { rate: 500 } }, counter(1_011), log] } },
      { rule: { expr: [counter(900_000), { return: null }] } },
      { rule: { expr: [log] } },
    ],
  }
  expect(loggedPackets(JSON.stringify(listing))).toBe(1_012)
})
