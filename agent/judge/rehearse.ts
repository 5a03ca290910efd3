import type { Reason } from '../../wire/incident'
import { matchesPacket } from '../mitigate/match'
import { type Cut, describeCut } from '../mitigate/ruleset'
import type { Packet } from '../sense/packet'
import { countRecorded, createRecordedSense } from '../sense/recorded'
import { emptyBaseline, learn } from './baseline'
import type { Services } from './classify'
import { reduce } from './reduce'
import { type Effect, initialState, type JudgeState, type SampledPacket, type Verdict } from './state'

export type RehearsedIncident = {
  verdict: Verdict
  /** From the first packet of the recording to the verdict. */
  detectedMs: number
  cuts: Cut[]
  words: string[]
  /** Packets after the verdict, and how many of them the cuts would have dropped. */
  packetsAfter: number
  droppedAfter: number
  /** When rules on standby were armed again, from the first packet of the recording. */
  rearmedMs: number[]
}

export type Rehearsal = {
  packets: number
  durationMs: number
  incidents: RehearsedIncident[]
  surges: { atMs: number; score: number; reasons: Reason[] }[]
}

const TICK_US = 1_000_000
const QUIET_SECONDS = 60
const QUIET_PPS = 50

/** A node that has learned a quiet minute: what recordings without any peace of their own are judged against. */
function quietState(): JudgeState {
  let baseline = emptyBaseline()
  for (let second = 0; second < QUIET_SECONDS; second++)
    baseline = learn(baseline, second * TICK_US, { total: QUIET_PPS, udp: QUIET_PPS, syn: 0, tcp: 0 })
  return initialState(baseline)
}
const BATCH_MAX = 16

/** Runs the judge over recorded packets in virtual time: the same clockwork as live, without a kernel. */
export function rehearse(packets: readonly Packet[], services: Services, from: JudgeState = quietState()): Rehearsal {
  let state = reduce(from, { type: 'services', services }).state
  const sense = createRecordedSense(state.tripwires)
  const firstUs = packets[0]?.atUs ?? 0
  const result: Rehearsal = { packets: packets.length, durationMs: 0, incidents: [], surges: [] }
  let cuts: readonly Cut[] = []
  let batch: SampledPacket[] = []
  let seen: Packet[] = []
  let gone: { packet: Packet; cut: string }[] = []
  let tickUs = firstUs + TICK_US

  const step = (observation: Parameters<typeof reduce>[1]): void => {
    const next = reduce(state, observation)
    state = next.state
    for (const effect of next.effects) {
      if (effect.type === 'arm') sense.arm(effect.tripwires)
      cuts = record(result, effect, cuts, firstUs)
    }
  }
  const flush = (atUs: number): void => {
    if (batch.length > 0) step({ type: 'packets', atUs, packets: batch })
    batch = []
  }
  const tick = (atUs: number): void => {
    flush(atUs)
    step({ type: 'tick', atUs, rates: countRecorded(seen, gone, TICK_US / 1e6) })
    seen = []
    gone = []
  }

  for (const packet of packets) {
    for (let silent = 0; packet.atUs >= tickUs; tickUs += TICK_US) {
      // Months of silence between joined sessions teach nothing that a minute does not.
      if (silent++ < 60) tick(tickUs)
      else tickUs = packet.atUs
    }
    const first = cuts.find(({ match }) => matchesPacket(match, packet))
    const cut = first === undefined || first.action === 'count' ? null : first
    tally(result.incidents.at(-1), cuts, cut !== null)
    seen.push(packet)
    if (cut) gone.push({ packet, cut: cut.id })
    const offered = sense.offer(packet, cut)
    if (offered) batch.push(offered)
    if (batch.length >= BATCH_MAX) flush(packet.atUs)
  }
  const lastUs = packets.at(-1)?.atUs ?? firstUs
  flush(lastUs)
  result.durationMs = (lastUs - firstUs) / 1000
  return result
}

function tally(incident: RehearsedIncident | undefined, cuts: readonly Cut[], dropped: boolean): void {
  if (!incident || cuts.length === 0) return
  incident.packetsAfter += 1
  if (dropped) incident.droppedAfter += 1
}

function record(result: Rehearsal, effect: Effect, cuts: readonly Cut[], firstUs: number): readonly Cut[] {
  const current = result.incidents.at(-1)
  switch (effect.type) {
    case 'open': {
      const { verdict } = effect
      const detectedMs = (verdict.atUs - firstUs) / 1000
      const words = verdict.cuts.map(describeCut)
      result.incidents.push({
        verdict,
        detectedMs,
        cuts: verdict.cuts,
        words,
        packetsAfter: 0,
        droppedAfter: 0,
        rearmedMs: [],
      })
      return verdict.cuts
    }
    case 'add':
      if (current) {
        current.cuts = [...current.cuts, ...effect.cuts]
        current.verdict = { ...current.verdict, findings: [...current.verdict.findings, ...effect.findings] }
        current.words = current.cuts.map(describeCut)
      }
      return [...cuts, ...effect.cuts]
    case 'rearm':
      current?.rearmedMs.push((effect.atUs - firstUs) / 1000)
      return current?.cuts ?? []
    case 'stand_by':
    case 'resolved':
      return []
    case 'surge':
      result.surges.push({
        atMs: (effect.surge.atUs - firstUs) / 1000,
        score: effect.surge.score,
        reasons: effect.surge.reasons,
      })
      return cuts
    default:
      return cuts
  }
}
