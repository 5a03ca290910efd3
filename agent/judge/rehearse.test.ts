import { describe, expect, test } from 'vitest'
import { dnsReflection, fixedFlood, players, randomFlood, stream, synFlood } from '../fixtures/packets'
import type { Packet } from '../sense/packet'
import { rehearse } from './rehearse'
import { initialState } from './state'

const SERVICES = { udp: [27_015], tcp: [443] }
const PEACE_SECONDS = 20
const ONSET_US = PEACE_SECONDS * 1e6

const peace = (seconds = PEACE_SECONDS, count = 25) => stream({ pps: 1_200, seconds, make: players(count) })
const attack = (make: Parameters<typeof stream>[0]['make'], pps = 100_000, seconds = 1) =>
  stream({ pps, seconds, startUs: ONSET_US, make }, 2)
const merged = (...lists: Packet[][]) => lists.flat().sort((a, b) => a.atUs - b.atUs)

function only(packets: Packet[]) {
  const { incidents, surges } = rehearse(packets, SERVICES)
  expect(incidents).toHaveLength(1)
  const [incident] = incidents
  if (!incident) throw new Error('no incident')
  return { incident, surges }
}

describe('an attack is named and cut within milliseconds of its first packet', () => {
  const cases = [
    { name: 'UDP flood of one length on the service port', make: fixedFlood, vector: 'udp_flood_fixed' },
    { name: 'UDP flood of random packets on the service port', make: randomFlood, vector: 'udp_flood_random' },
    { name: 'DNS reflection', make: dnsReflection, vector: 'dns_amp' },
    { name: 'SYN flood without options', make: synFlood(5), vector: 'syn_flood' },
    { name: 'SYN flood with options', make: synFlood(10), vector: 'syn_flood' },
  ] as const

  test.each(cases)('$name is $vector', ({ make, vector }) => {
    const { incident } = only(merged(peace(), attack(make)))
    expect(incident.verdict.findings[0]?.vectorId).toBe(vector)
    expect(incident.verdict.atUs - ONSET_US).toBeLessThan(10_000)
    expect(incident.verdict.findings[0]?.share).toBeGreaterThan(0.95)
    expect(incident.droppedAfter / incident.packetsAfter).toBeGreaterThan(0.95)
  })

  test('two vectors at once are one incident with both names', () => {
    const both = merged(peace(), attack(dnsReflection, 50_000), attack(fixedFlood, 50_000))
    const ids = only(both).incident.verdict.findings.map((finding) => finding.vectorId)
    expect(ids).toContain('dns_amp')
    expect(ids).toContain('udp_flood_fixed')
  })
})

describe('an audience is not an attack', () => {
  test('players times eight in thirty seconds, new senders of every size, open no incident', () => {
    const crowd = Array.from({ length: 30 }, (_, second) =>
      stream(
        {
          pps: 1_200 + second * 280,
          seconds: 1,
          startUs: ONSET_US + second * 1e6,
          make: players(25 + second * 6, second > 3 ? 'n' : 'p'),
        },
        second,
      ),
    )
    const { incidents, surges } = rehearse(merged(peace(), ...crowd), SERVICES)
    expect(incidents).toHaveLength(0)
    expect(surges.length).toBeGreaterThan(0)
  })

  test('a busy server that the agent meets for the first time teaches it what is usual', () => {
    const busy = stream({ pps: 9_000, seconds: 15, make: players(400) })
    const { incidents } = rehearse(busy, SERVICES, initialState())
    expect(incidents).toHaveLength(0)
    const flooded = merged(busy, stream({ pps: 150_000, seconds: 0.5, startUs: 15e6, make: fixedFlood }, 2))
    expect(rehearse(flooded, SERVICES, initialState()).incidents).toHaveLength(1)
  })

  test('a flood by signature is named even before anything was learned', () => {
    const reflected = stream({ pps: 50_000, seconds: 0.5, make: dnsReflection })
    expect(rehearse(reflected, SERVICES, initialState()).incidents).toHaveLength(1)
  })

  test('peace alone opens nothing and notes nothing', () => {
    const { incidents, surges } = rehearse(peace(60), SERVICES)
    expect(incidents).toHaveLength(0)
    expect(surges).toHaveLength(0)
  })
})

describe('what must not be cut', () => {
  test('no rule that drops says only the service port', () => {
    for (const make of [fixedFlood, randomFlood]) {
      const { incident } = only(merged(peace(), attack(make)))
      for (const cut of incident.cuts.filter((one) => one.action === 'drop')) {
        const terms = Object.keys(cut.match).filter((key) => key !== 'protocol' && key !== 'destinationPorts')
        expect(terms.length).toBeGreaterThan(0)
      }
    }
  })

  test('a rule that drops would not have dropped this node’s own clean packets', () => {
    const { incident } = only(merged(peace(), attack(fixedFlood)))
    for (const finding of incident.verdict.findings)
      expect(finding.cleanHits).toBeLessThanOrEqual(finding.cleanPackets / 2_000)
  })
})

test('an attack that ends is resolved after the hold time and a later one is a new incident', () => {
  const quiet = stream({ pps: 1_200, seconds: 25, startUs: ONSET_US + 1e6, make: players(25) }, 5)
  const again = stream({ pps: 100_000, seconds: 0.5, startUs: ONSET_US + 26e6, make: dnsReflection }, 6)
  const { incidents } = rehearse(merged(peace(), attack(fixedFlood), quiet, again), SERVICES)
  expect(incidents.map((one) => one.verdict.findings[0]?.vectorId)).toEqual(['udp_flood_fixed', 'dns_amp'])
})

test('a pulse within the hold time stays the same incident', () => {
  const pulses = [0, 8, 16].map((second) =>
    stream({ pps: 100_000, seconds: 1, startUs: ONSET_US + second * 1e6, make: fixedFlood }, second),
  )
  expect(rehearse(merged(peace(45), ...pulses), SERVICES).incidents).toHaveLength(1)
})
