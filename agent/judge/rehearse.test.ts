import { describe, expect, test, vi } from 'vitest'
import { answers, dnsReflection, fixedFlood, players, randomFlood, seeded, stream, synFlood } from '../fixtures/packets'
import type { Packet } from '../sense/packet'
import { rehearse } from './rehearse'
import { initialState } from './state'

// Hundreds of thousands of packets a test: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 })

const SERVICES = { udp: [27_015], tcp: [443] }
const PEACE_SECONDS = 20
const ONSET_US = PEACE_SECONDS * 1e6

const peace = (seconds = PEACE_SECONDS, count = 25) => [
  ...answers(count),
  ...stream({ pps: 1_200, seconds, make: players(count) }),
]
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

  test('a crowd of thousands that grows over half a minute opens no incident', () => {
    const before = stream({ pps: 4_000, seconds: PEACE_SECONDS, make: players(300) })
    const crowd = Array.from({ length: 30 }, (_, second) => {
      const random = seeded(second + 40)
      const count = 300 + second * 75
      const anyOf = () => players(1, `n${Math.floor(random() * count)}.`)
      return stream(
        { pps: count * 12, seconds: 1, startUs: ONSET_US + second * 1e6, make: (at, any) => anyOf()(at, any) },
        second,
      )
    })
    const { incidents, surges } = rehearse(merged(answers(300), before, ...crowd), SERVICES, initialState())
    expect(incidents).toHaveLength(0)
    expect(surges.length).toBeGreaterThan(0)
  })

  test('forged senders that grow as slowly as a crowd are still an attack', () => {
    const slow = Array.from({ length: 30 }, (_, second) =>
      stream({ pps: 400 + second * 300, seconds: 1, startUs: ONSET_US + second * 1e6, make: randomFlood }, second),
    )
    const { incidents } = rehearse(merged(peace(50), ...slow), SERVICES, initialState())
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.verdict.findings[0]?.vectorId).toBe('udp_flood_random')
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

describe('an attack that pauses', () => {
  const pulse = (second: number, make = fixedFlood, seconds = 0.5) =>
    stream({ pps: 50_000, seconds, startUs: ONSET_US + second * 1e6, make }, second + 2)

  test('is resolved after the hold time, and a later one is a new incident', () => {
    const { incidents } = rehearse(merged(peace(65), pulse(0), pulse(32, dnsReflection)), SERVICES)
    expect(incidents.map((one) => one.verdict.findings[0]?.vectorId)).toEqual(['udp_flood_fixed', 'dns_amp'])
  })

  test.each([
    { name: 'forged packets of one fingerprint', make: fixedFlood },
    { name: 'random packets', make: randomFlood },
  ])('is one incident whose rules drop again within milliseconds of each pulse: $name', ({ make }) => {
    const pulses = [0, 25, 50, 75].map((second) => pulse(second, make))
    const { incidents } = rehearse(merged(peace(110), ...pulses), SERVICES)
    expect(incidents).toHaveLength(1)
    const lateMs = incidents[0]?.rearmedMs.map((at, index) => at - (ONSET_US / 1000 + (index + 1) * 25_000))
    expect(lateMs).toHaveLength(3)
    for (const late of lateMs ?? []) expect(late).toBeLessThan(10)
  })

  test('that comes back as another vector is still one incident, with both names and both cut', () => {
    const { incidents } = rehearse(merged(peace(60), pulse(0), pulse(20, dnsReflection)), SERVICES)
    expect(incidents).toHaveLength(1)
    const ids = incidents[0]?.verdict.findings.map((finding) => finding.vectorId)
    expect(ids).toEqual(['udp_flood_fixed', 'dns_amp'])
    expect(incidents[0]?.cuts.map((cut) => cut.vectorId)).toContain('dns_amp')
  })

  test('is waited for twice its longest pause', () => {
    const { incidents } = rehearse(merged(peace(90), pulse(0), pulse(20), pulse(55)), SERVICES)
    expect(incidents).toHaveLength(1)
  })

  test('does not keep an audience out that came meanwhile: nothing is dropped while it plays', () => {
    const crowd = stream({ pps: 9_000, seconds: 40, startUs: ONSET_US + 1e6, make: players(200, 'n') }, 9)
    const { incidents } = rehearse(merged(peace(61), pulse(0, randomFlood), crowd), SERVICES)
    expect(incidents).toHaveLength(1)
    const heldBack = (incidents[0]?.packetsAfter ?? 0) - crowd.length
    expect(heldBack).toBeLessThan(0)
    expect(incidents[0]?.rearmedMs).toEqual([])
  })
})
