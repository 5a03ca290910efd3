import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Count, type CountClass, NONE, type SenseCounts } from './ruleset'
import { createSampler, fillSeconds, makeSample, secondOf, tickRates } from './sampler'

const packets = (count: number, size = 100): Count => ({ packets: count, bytes: count * size })
const classes = (counts: Partial<Record<CountClass, Count>>): SenseCounts['in'] => ({
  udp: packets(0),
  syn: packets(0),
  tcp: packets(0),
  icmp: packets(0),
  other: packets(0),
  ...counts,
})

describe('rates between two readings', () => {
  const sampler = createSampler()
  const reading = (atUs: number, udpIn: number, udpDropped: number, synDropped: number) => {
    const sense = { in: classes({ udp: packets(udpIn), tcp: packets(7) }), out: classes({}), marked: packets(0) }
    const hits = { cuts: new Map([['c1', packets(udpDropped)]]), exempt: packets(0) }
    const dropped = { udp: packets(udpDropped), syn: packets(synDropped), tcp: packets(synDropped) }
    return sampler.take(atUs, { sense, hits, dropped }, false)
  }
  const before = reading(1_000_000, 500, 0, 0)
  const after = reading(1_500_000, 600, 50_000, 2_000)

  it('count on the wire what was delivered and what rules dropped, each in its class', () => {
    const rates = tickRates(before, after)
    expect(rates).toMatchObject({ udpPps: 100_200, synPps: 4_000, tcpPps: 4_000 })
    expect([rates.wire.pps, rates.dropped.pps, rates.delivered.pps]).toEqual([104_200, 104_000, 200])
    expect(rates.hits.get('c1')).toBe(100_000)
    const { protocols, wire } = makeSample(before, after, {
      baseline: null,
      tripwirePps: 1,
      tripwireBurst: 1,
      verifiedClients: 0,
    })
    expect(protocols.udp.in.bps + protocols.tcp.in.bps).toBe(wire.bps)
    expect(wire.bps).toBe(wire.pps * 100 * 8)
  })
})

describe('a tick that closes several seconds', () => {
  const more = { baseline: null, tripwirePps: 1, tripwireBurst: 1, verifiedClients: 0 }
  const sampler = createSampler()
  const empty = { in: classes({}), out: classes({}), marked: packets(0) }
  const none = { hits: { cuts: new Map(), exempt: packets(0) }, dropped: { udp: NONE, syn: NONE, tcp: NONE } }
  const before = sampler.take(10_000_000, { sense: empty, ...none }, false)
  const after = sampler.take(12_000_000, { sense: { ...empty, in: classes({ udp: packets(300) }) }, ...none }, false)
  const sample = makeSample(before, after, more)

  it('leaves no second out, and their packets add up to those that came', () => {
    const filled = fillSeconds(sample, 2)
    expect(filled.map(({ atMs }) => atMs)).toEqual([11_000, 12_000])
    expect(filled.reduce((sum, { wire }) => sum + wire.pps, 0)).toBe(300)
  })

  it('invents nothing for a machine that slept', () => {
    expect(fillSeconds(sample, 3_600)).toEqual([sample])
  })
})

describe('the second a reading closes', () => {
  it('is the one that ends, for a timer that fires a little early or almost a second late', () => {
    expect([9_999_200, 10_000_000, 10_000_900, 10_940_000].map(secondOf)).toEqual([10, 10, 10, 10])
  })

  it('gives no second two samples and leaves none out while ticks come less than 0.9 s late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 900_000 }), { minLength: 2, maxLength: 50 }), (delays) => {
        const seconds = delays.map((delayUs, index) => secondOf((100 + index) * 1e6 + delayUs))
        expect(seconds).toEqual(delays.map((_, index) => 100 + index))
      }),
    )
  })
})
