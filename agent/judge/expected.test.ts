import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../wire/messages'
import { answers, dnsReflection, fixedFlood, players, stream } from '../fixtures/packets'
import type { Packet } from '../sense/packet'
import { emptyBaseline, learn } from './baseline'
import { audienceTimes, expectedBand } from './expected'
import { reduce } from './reduce'
import { rehearse } from './rehearse'
import { initialState, type JudgeState, type TickRates } from './state'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DOORS_MS = 10 * HOUR
const doors = (audience: number): Schedule => ({
  windows: [{ fromMs: DOORS_MS, untilMs: DOORS_MS + HOUR, audienceTimes: audience }],
})

describe('an expected audience', () => {
  const at = (ms: number, schedule = doors(8)) => audienceTimes(schedule, ms * 1_000)

  it('counts from five minutes before its window, because people come early, until the very end', () => {
    expect(at(DOORS_MS - 5 * MINUTE - 1)).toBe(1)
    expect(at(DOORS_MS - 5 * MINUTE)).toBe(8)
    expect(at(DOORS_MS + HOUR - 1)).toBe(8)
    expect(at(DOORS_MS + HOUR)).toBe(1)
  })

  it('is the most of those that overlap, and never less than usual', () => {
    const both = { windows: [...doors(3).windows, ...doors(20).windows] }
    expect(at(DOORS_MS, both)).toBe(20)
    expect(at(DOORS_MS, { windows: [] })).toBe(1)
  })
})

const USUAL_PPS = 1_200

/** A node that knows itself for so long, and was told `schedule`. */
function stateOf(schedule: Schedule, seconds = 900): JudgeState {
  let baseline = emptyBaseline()
  for (let second = 0; second < seconds; second++)
    baseline = learn(baseline, 0, { total: USUAL_PPS, udp: USUAL_PPS, syn: 0, tcp: 0 })
  return { ...initialState(baseline), schedule }
}
const nothing = { pps: 0, bps: 0 }
const ratesOf = (pps: number): TickRates => ({
  wire: { pps, bps: pps * 800 },
  udpPps: pps,
  synPps: 0,
  tcpPps: 0,
  outPps: pps,
  dropped: nothing,
  delivered: { pps, bps: pps * 800 },
  hits: new Map(),
  distressPps: 0,
})
/** A node that ticks once a second while `pps` packets arrive. */
function clockwork(state: JudgeState, startMs: number) {
  let atMs = startMs
  return {
    get state() {
      return state
    },
    tell(schedule: Schedule) {
      state = reduce(state, { type: 'schedule', schedule }).state
    },
    /** The tripwire after each second. */
    runUntil(ms: number, pps = USUAL_PPS) {
      const seen: number[] = []
      for (; atMs < ms; atMs += 1_000) {
        state = reduce(state, { type: 'tick', atUs: atMs * 1_000, rates: ratesOf(pps) }).state
        seen.push(state.tripwires.udp.pps)
      }
      return seen
    },
    band: () => expectedBand(state, 'total', atMs * 1_000),
  }
}

describe('the band of a node whose audience is expected', () => {
  it('has a higher upper edge, and its middle stays: they may not have come yet', () => {
    const node = clockwork(stateOf(doors(8)), DOORS_MS - 6 * MINUTE)
    node.runUntil(DOORS_MS - 5 * MINUTE)
    const usual = node.band()
    node.runUntil(DOORS_MS - 4 * MINUTE)
    expect(node.band()?.pps).toBe(usual?.pps)
    expect(node.band()?.ppsHigh).toBeCloseTo((usual?.ppsHigh ?? 0) * 8)
  })

  it('does not multiply the crowd that came, nor between two matches of one day', () => {
    const two = {
      windows: [...doors(8).windows, { fromMs: DOORS_MS + 3 * HOUR, untilMs: DOORS_MS + 4 * HOUR, audienceTimes: 8 }],
    }
    const node = clockwork(stateOf(two), DOORS_MS - 6 * MINUTE)
    node.runUntil(DOORS_MS - 4 * MINUTE)
    const expected = node.band()?.ppsHigh ?? 0
    node.runUntil(DOORS_MS + 30 * MINUTE, USUAL_PPS * 7)
    expect(node.band()?.ppsHigh).toBe(expected)
    node.runUntil(DOORS_MS + 3 * HOUR + MINUTE, USUAL_PPS * 7)
    expect(node.band()?.ppsHigh).toBe(expected)
  })

  it('is the learned one where the node first looks while the crowd is there', () => {
    const enrolled = clockwork(stateOf({ windows: [] }, 20), DOORS_MS)
    enrolled.runUntil(DOORS_MS + 5_000)
    const usual = enrolled.band()
    enrolled.tell(doors(8))
    enrolled.runUntil(DOORS_MS + 20 * MINUTE)
    expect(enrolled.band()?.ppsHigh).toBeCloseTo(usual?.ppsHigh ?? 0)
    const back = clockwork(stateOf(doors(8)), DOORS_MS)
    back.runUntil(DOORS_MS + MINUTE)
    expect(back.band()?.ppsHigh).toBeCloseTo(usual?.ppsHigh ?? 0)
  })

  it('is kept over a restart of the agent amid the crowd', () => {
    const before = clockwork(stateOf(doors(8)), DOORS_MS - 6 * MINUTE)
    before.runUntil(DOORS_MS + MINUTE, USUAL_PPS * 3)
    const kept = JSON.parse(JSON.stringify(before.state.baseline))
    const after = clockwork({ ...initialState(kept), schedule: doors(8) }, DOORS_MS + MINUTE)
    after.runUntil(DOORS_MS + 2 * MINUTE, USUAL_PPS * 3)
    expect(after.band()?.ppsHigh).toBe(before.band()?.ppsHigh)
  })
})

const SERVICES = { udp: [27_015], tcp: [443] }
const PEACE_SECONDS = 20
/** A node whose doors open when the recording begins. */
function opening(schedule: Schedule): JudgeState {
  const node = clockwork(stateOf(schedule), -10 * MINUTE)
  node.runUntil(0)
  return node.state
}
const ANNOUNCED: Schedule = { windows: [{ fromMs: 0, untilMs: HOUR, audienceTimes: 8 }] }
const peace = [...answers(25), ...stream({ pps: USUAL_PPS, seconds: PEACE_SECONDS, make: players(25) })]
const crowd = Array.from({ length: 30 }, (_, second) =>
  stream(
    {
      pps: USUAL_PPS + second * 280,
      seconds: 1,
      startUs: (PEACE_SECONDS + second) * 1e6,
      make: players(25 + second * 6, second > 3 ? 'n' : 'p'),
    },
    second,
  ),
).flat()
const merged = (...lists: Packet[][]) => lists.flat().sort((a, b) => a.atUs - b.atUs)

describe('with a schedule', () => {
  it('a crowd that was announced is no surge, the same crowd unannounced is one', () => {
    const packets = merged(peace, crowd)
    expect(rehearse(packets, SERVICES, opening({ windows: [] })).surges.length).toBeGreaterThan(0)
    const announced = rehearse(packets, SERVICES, opening(ANNOUNCED))
    expect(announced).toMatchObject({ surges: [], incidents: [] })
  }, 60_000)

  it.each([
    ['of one length', fixedFlood, 'udp_flood_fixed'],
    ['by reflection', dnsReflection, 'dns_amp'],
  ] as const)(
    'a flood %s among the announced crowd is named and cut within milliseconds',
    (_, make, vectorId) => {
      const onsetUs = (PEACE_SECONDS + 29) * 1e6
      const flood = stream({ pps: 100_000, seconds: 1, startUs: onsetUs, make }, 2)
      const { incidents } = rehearse(merged(peace, crowd, flood), SERVICES, opening(ANNOUNCED))
      expect(incidents).toHaveLength(1)
      const [incident] = incidents
      expect(incident?.verdict.findings[0]?.vectorId).toBe(vectorId)
      expect((incident?.verdict.atUs ?? 0) - onsetUs).toBeLessThan(10_000)
      expect((incident?.droppedAfter ?? 0) / (incident?.packetsAfter ?? 1)).toBeGreaterThan(0.9)
    },
    60_000,
  )
})

it('tripwires have risen to the announced audience when the doors open, and fall when its time is over', () => {
  const node = clockwork(stateOf(doors(8)), DOORS_MS - 10 * MINUTE)
  const usual = node.runUntil(DOORS_MS - 5 * MINUTE).at(-1) ?? 0
  expect(node.runUntil(DOORS_MS).at(-1)).toBeCloseTo(usual * 4, -2)
  node.runUntil(DOORS_MS + HOUR + 5_000)
  expect(node.state.tripwires.udp.pps).toBe(usual)
})
