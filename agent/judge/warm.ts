import { blankPacket, type Packet, TCP_FLAG } from '../sense/packet'
import { reduce } from './reduce'
import { openReport, withRules } from './report'
import { initialState, type JudgeState, type SampledPacket } from './state'
import { eventText } from './words'

/** So many verdicts of each kind until the compiler has made its fast code. */
const ROUNDS = 16

/** The first verdict of a fresh process would pay for compiling this code: pay before the flood. */
export function warmUp(): void {
  for (let round = 0; round < ROUNDS; round++) {
    for (const shape of [udpFlood, dnsReflection, synFlood]) {
      let state: JudgeState = { ...initialState(), services: { udp: [27_015], tcp: [443] } }
      state = reduce(state, { type: 'packets', atUs: EPOCH_US, packets: sampled(playing, 'peace', CLEAN) }).state
      const flood = sampled(shape, 'udp', WINDOW)
      for (let at = 0; at < WINDOW; at += 16) state = stepAndReport(state, EPOCH_US + at, flood.slice(at, at + 16))
    }
  }
}

function stepAndReport(state: JudgeState, atUs: number, packets: SampledPacket[]): JudgeState {
  const step = reduce(state, { type: 'packets', atUs, packets })
  for (const effect of step.effects)
    if (effect.type === 'open')
      eventText('opened', withRules(openReport('', effect.verdict, state.policy), effect.verdict.cuts, atUs))
  return step.state
}

/** As many as a busy node remembers, and as many as are judged at once. */
const CLEAN = 2_048
const WINDOW = 512
/** Times as they are in life: a small whole number would teach the compiler another kind of field. */
const EPOCH_US = 1_767_225_600_000_001.5

const sampled = (shape: (at: number) => Partial<Packet>, tap: SampledPacket['tap'], count: number): SampledPacket[] =>
  Array.from({ length: count }, (_, at) => ({
    packet: Object.assign(
      blankPacket(EPOCH_US + at * 5, 4, '', 'dest'),
      LIKELY,
      { payload: new Uint8Array(16) },
      shape(at),
    ),
    tap,
    marked: false,
  }))

const LIKELY: Partial<Packet> = { protocol: 17, ttl: 64, length: 92, destinationPort: 27_015, udpLength: 72 }

const playing = (at: number): Partial<Packet> => ({
  source: `p${at % 32}`,
  length: 60 + ((at * 7) % 190),
  udpLength: 40 + ((at * 7) % 190),
  payload: Uint8Array.of(71, 1, at & 31, at & 255, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8),
})
const udpFlood = (at: number): Partial<Packet> => ({ source: `s${at}`, sourcePort: at, length: 60 + (at % 40) })
const dnsReflection = (at: number): Partial<Packet> => ({
  source: `s${at % 64}`,
  sourcePort: 53,
  payload: Uint8Array.of(at & 255, 1, 0x81, 0x80),
})
const synFlood = (at: number): Partial<Packet> => ({
  source: `s${at}`,
  protocol: 6,
  tcpFlags: TCP_FLAG.syn,
  tcpDataOffset: 5 + (at % 2),
  destinationPort: 443,
})
