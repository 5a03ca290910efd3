import type { Reason } from '../../wire/incident'
import type { Policy, Schedule } from '../../wire/messages'
import type { Rate } from '../../wire/sample'
import type { Cut } from '../mitigate/ruleset'
import type { Packet } from '../sense/packet'
import type { Tripwires } from '../sense/ruleset'
import type { TappedPacket } from '../sense/tap'
import { type Band, type Baseline, emptyBaseline } from './baseline'
import type { Finding, Services } from './classify'
import { DEFAULT_POLICY } from './policy'

/** A logged packet: which rule logged it, and whether it carried the mark of the verified and the asked. */
export type SampledPacket = { packet: Packet; tap: TappedPacket['tap']; marked: boolean }

/** Rates between two ticks. `wire` counts before every rule of ours, `dropped` by rules, `delivered` behind them. */
export type TickRates = {
  wire: Rate
  udpPps: number
  synPps: number
  tcpPps: number
  outPps: number
  dropped: Rate
  delivered: Rate
  /** Packets a second that each standing rule hit, by the id of its cut. */
  hits: ReadonlyMap<string, number>
  distressPps: number
}

export type Observation =
  | { type: 'packets'; atUs: number; packets: readonly SampledPacket[] }
  | { type: 'tick'; atUs: number; rates: TickRates }
  | { type: 'services'; services: Services }
  | { type: 'policy'; atUs: number; policy: Policy }
  | { type: 'schedule'; schedule: Schedule }

export type Verdict = {
  atUs: number
  trippedUs: number
  score: number
  reasons: Reason[]
  findings: Finding[]
  cuts: Cut[]
  band: Band | null
  /** Text form of the addresses under attack. */
  targets: string[]
}

export type SurgeVerdict = { atUs: number; score: number; reasons: Reason[]; peakWire: Rate }

export type Effect =
  | { type: 'open'; verdict: Verdict }
  | { type: 'add'; findings: Finding[]; cuts: Cut[]; atUs: number }
  /** Standing cuts do something else from now on; all of them, as they should stand. */
  | { type: 'recut'; cuts: readonly Cut[]; atUs: number }
  | { type: 'mitigated'; atUs: number }
  | { type: 'ending'; atUs: number }
  | { type: 'resumed'; atUs: number }
  | { type: 'stand_by'; atUs: number }
  | { type: 'rearm'; atUs: number }
  | { type: 'resolved'; atUs: number }
  | { type: 'surge'; surge: SurgeVerdict }
  | { type: 'surge_over'; atUs: number }
  | { type: 'arm'; tripwires: Tripwires }

export type Step = { state: JudgeState; effects: Effect[] }

export type Looking = {
  kind: 'looking'
  sinceUs: number
  lastTripUs: number
  window: readonly SampledPacket[]
  /** Packets in the window when it was last judged. */
  judgedAt: number
  peakWire: Rate
  surgeNoted: boolean
}

export type Attacked = {
  kind: 'attacked'
  sinceUs: number
  findings: readonly Finding[]
  cuts: readonly Cut[]
  window: readonly SampledPacket[]
  cleanBand: Band | null
  /** Packets each second on the wire before it began: what a rise is measured against until it is over. */
  beforePps: number
  peakDroppedPps: number
  mitigated: boolean
  quietSinceUs: number | null
  ending: boolean
  /** Whether what still arrives looked like an audience, and when that was last judged. */
  audience: { judgedUs: number; is: boolean }
  /** The rules only count, because it is quiet. */
  standby: boolean
  /** What crossed a tripwire while they did. */
  looking: Looking | null
  /** How long it must be quiet until it is over. */
  holdUs: number
}

export type Phase = { kind: 'peace' } | Looking | Attacked

export type JudgeState = {
  baseline: Baseline
  services: Services
  policy: Policy
  /** When a larger audience is expected. */
  schedule: Schedule
  /** How many times the usual audience was expected at the last tick; null before any. */
  audience: number | null
  tripwires: Tripwires
  /** When the baseline last armed them; null before it first did. */
  armedUs: number | null
  /** Headers of the last peaceful packets: what rules are tested against before they are used. */
  clean: readonly Packet[]
  lastRates: TickRates | null
  /** Set when a tripwire was crossed since the last tick: that second teaches nothing. */
  disturbed: boolean
  phase: Phase
}

/** Where a node is calm, the tripwire is this tight: the wait before it wakes us is burst ÷ (flood − rate). */
export const TRIPWIRE_FLOORS = { udp: 2_000, syn: 300 } as const

export const initialState = (baseline: Baseline = emptyBaseline()): JudgeState => ({
  baseline,
  services: { udp: [], tcp: [] },
  policy: DEFAULT_POLICY,
  schedule: { windows: [] },
  audience: null,
  tripwires: {
    udp: { pps: TRIPWIRE_FLOORS.udp, burst: TRIPWIRE_FLOORS.udp / 10 },
    syn: { pps: TRIPWIRE_FLOORS.syn, burst: TRIPWIRE_FLOORS.syn / 5 },
    tapOneIn: 1,
  },
  armedUs: null,
  clean: [],
  lastRates: null,
  disturbed: false,
  phase: { kind: 'peace' },
})
