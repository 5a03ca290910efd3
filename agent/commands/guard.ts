import type { Policy, PushBody, Schedule } from '../../wire/messages'
import type { TableNames } from '../config'
import { errorText } from '../errors'
import type { CapturedPacket } from '../evidence/packet'
import type { Band } from '../judge/baseline'
import { expectedBand } from '../judge/expected'
import { isLearning } from '../judge/look'
import { reduce } from '../judge/reduce'
import type { Attacked, Effect, JudgeState, Observation, SampledPacket } from '../judge/state'
import type { Log } from '../log'
import type { Cutter } from '../mitigate/cutter'
import type { Nft } from '../mitigate/nft'
import { type Clock, untilNext } from '../sense/clock'
import { MARK_BIT } from '../sense/mark'
import { parseTally, renderSampling, renderTripwires, SAMPLING, type Sampling, tallyOf } from '../sense/ruleset'
import { createSampler, fillSeconds, makeSample, type Reading, secondOf, tickRates } from '../sense/sampler'
import { watchServices } from '../sense/services'
import type { TappedPacket } from '../sense/tap'
import type { OpenIncident, Response } from './response'

export type GuardParts = {
  names: TableNames
  nft: Nft
  cutter: Cutter
  response: Response
  clock: Clock
  log: Log
  /** NFLOG group of the tap. */
  group: number
  ring: { push(packet: CapturedPacket): void }
  link: { push(body: PushBody): void }
  /** Called behind each tick of a second, with how many seconds it closed. */
  onSeconds(passed: number): void
}

export type GuardStatus = {
  ready: boolean
  verifiedClients: number
  baseline: Band | null
  tripwirePps: number
  learnedSeconds: number
  services: JudgeState['services']
  incident: { id: string; state: string; vectors: string[] } | null
}

export type Guard = {
  tapped(packet: TappedPacket): void
  start(adopted: OpenIncident | null): Promise<void>
  stop(): Promise<void>
  /** Somebody looks at this node: each second comes when it ends. */
  setWatched(on: boolean): void
  /** Resolves once the rules follow it. */
  setPolicy(policy: Policy): Promise<void>
  setSchedule(schedule: Schedule): void
  setVerifiedClients(count: number): void
  /** Builds the table of verified clients where somebody removed it. */
  relearn(): Promise<void>
  status(): GuardStatus
  readonly judge: JudgeState
}

const BATCH_MAX = 64
const TICK_MS = 1_000
/** On a host without any traffic, which nobody looks at; its first packet brings the seconds back. */
const STILL_TICK_MS = 5_000
/** During an attack: how often hits are read and the rules' life is prolonged. Less often while nothing is to decide. */
const ATTACK_TICK_MS = { deciding: 250, held: 500 }
/** Half-open sockets are counted where SYNs come: walking the sockets costs 10 ms. */
const HALF_OPEN_FROM_SYN_PPS = 50

/** The clockwork of a node: what the kernel says goes to the judge, what the judge decides goes to the kernel. */
export function createGuard(parts: GuardParts, initial: JudgeState): Guard {
  const { cutter, clock, link, log, names, nft, response, ring } = parts
  const sampler = createSampler()
  const lookAtServices = watchServices()
  let judge = initial
  let batch: SampledPacket[] = []
  let flushScheduled = false
  let last: Reading | null = null
  let lastSecond: Reading | null = null
  let verifiedClients = 0
  let isStill = false
  let isWatched = false
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  /** Effects happen one after another, in the order they were decided. */
  let effects: Promise<unknown> = Promise.resolve()

  /** Whatever touches an incident's rules takes its turn: a tick must not read what an effect is removing. */
  const inTurn = <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    const done = effects.then(work)
    effects = done.catch(() => undefined)
    return done
  }

  const enqueue = (what: string, effect: () => unknown): void =>
    void inTurn(effect).catch((error) => log.error(`${what}: ${errorText(error)}`))

  function observe(observation: Observation): void {
    const step = reduce(judge, observation)
    judge = step.state
    for (const effect of step.effects) {
      // The verdict is out only now: judging it took time as well.
      if (effect.type === 'open') effect.verdict.atUs = clock.micros()
      enqueue(effect.type, () => perform(effect))
    }
  }

  function flush(): void {
    if (batch.length === 0) return
    const packets = batch
    batch = []
    observe({ type: 'packets', atUs: clock.micros(), packets })
  }

  /** Whether packets over a tripwire are waited for: while rules drop, they wait for the tick, which looks at them. */
  const mayConvict = (): boolean => judge.phase.kind !== 'attacked' || judge.phase.standby

  /** A rule must never rest on an outdated list of services. */
  function refreshServices({ connections }: Pick<Reading, 'connections'>): void {
    const { services } = judge
    const now = lookAtServices(connections)
    if (now === services) return
    observe({ type: 'services', services: now })
    if (now.udp.join() !== services.udp.join() && judge.phase.kind === 'peace')
      enqueue('services', () => cutter.serve(now.udp))
  }

  function perform(effect: Effect): unknown {
    switch (effect.type) {
      case 'open':
        return response.open(effect.verdict, judge.policy, verifiedClients).then(() => {
          sampleAs(SAMPLING.dropping)
          schedule(interval())
        })
      case 'add':
        return response.addVectors(effect.findings, effect.cuts, effect.atUs)
      case 'recut':
        return response.recut(effect.cuts)
      case 'mitigated':
        return response.mitigated(effect.atUs)
      case 'ending':
        return response.ending(effect.atUs)
      case 'resumed':
        return response.resumed()
      case 'stand_by':
        return response.standBy(judge.services.udp).then(() => sampleAs(SAMPLING.looking))
      case 'rearm':
        return response.rearm().then(() => sampleAs(SAMPLING.dropping))
      case 'resolved':
        return response.resolve(judge.services.udp).then(() => sampleAs(SAMPLING.looking))
      case 'surge':
        return response.surge(effect.surge)
      case 'surge_over':
        return response.surgeOver(effect.atUs)
      case 'arm':
        return nft.run(renderTripwires(names, parts.group, effect.tripwires))
    }
  }

  const sampleAs = (sampling: Sampling): unknown => nft.run(renderSampling(names, parts.group, sampling))

  function interval(): number {
    if (response.live) return isHeld(judge.phase) ? ATTACK_TICK_MS.held : ATTACK_TICK_MS.deciding
    const mayRest = isStill && !isWatched && !isLearning(judge, clock.micros())
    return mayRest ? STILL_TICK_MS : TICK_MS
  }

  function schedule(intervalMs: number): void {
    if (timer) clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(
      () => {
        tick()
          .catch((error) => log.error(`A tick failed: ${errorText(error)}`))
          .finally(() => schedule(interval()))
      },
      untilNext(clock.micros(), intervalMs),
    )
  }

  function awake(): void {
    isStill = false
    if (timer) schedule(interval())
  }

  async function tick(): Promise<void> {
    flush()
    if (response.live) await inTurn(response.refresh)
    const reading = await read()
    if (!isStill && !response.live) refreshServices(reading)
    if (last) compare(last, reading)
    last = reading
    const second = lastSecond
    const passed = second ? secondOf(reading.atUs) - secondOf(second.atUs) : 1
    if (passed === 0) return
    lastSecond = reading
    if (second) sample(second, reading)
    parts.onSeconds(passed)
  }

  /** An idle host has nothing to count: its counters stand where they stood. */
  async function read(): Promise<Reading> {
    isStill = sampler.isStill() && last !== null && !response.live
    if (isStill && last) return { ...last, atUs: clock.micros() }
    const countHalfOpen = (judge.lastRates?.synPps ?? 0) > HALF_OPEN_FROM_SYN_PPS
    // The cut first: a packet between both is counted late, never twice.
    return inTurn(() => {
      const { hits, dropped } = cutter.count()
      const sense = parseTally(nft.run([`list ${tallyOf(names)}`]))
      return sampler.take(clock.micros(), { sense, hits, dropped }, countHalfOpen)
    })
  }

  function compare(before: Reading, reading: Reading): void {
    const rates = tickRates(before, reading)
    response.count({ rates, reading, before, verifiedClients })
    observe({ type: 'tick', atUs: reading.atUs, rates })
  }

  function sample(before: Reading, reading: Reading): void {
    const baseline = expectedBand(judge, 'total', reading.atUs)
    const { pps: tripwirePps, burst: tripwireBurst } = judge.tripwires.udp
    const now = makeSample(before, reading, { baseline, tripwirePps, tripwireBurst, verifiedClients })
    link.push({ type: 'samples', samples: fillSeconds(now, secondOf(reading.atUs) - secondOf(before.atUs)) })
    response.tell()
  }

  return {
    tapped({ packet, tap, mark, data }) {
      if (isStill) awake()
      ring.push({ atUs: packet.atUs, data, originalLength: packet.length })
      const urgent = tap !== 'peace' && mayConvict()
      // What was waiting belongs to the peace before.
      if (urgent && !flushScheduled) flush()
      batch.push({ packet, tap, marked: (mark & MARK_BIT) !== 0 })
      if (batch.length >= BATCH_MAX) flush()
      else if (urgent && !flushScheduled) {
        flushScheduled = true
        setImmediate(() => {
          flushScheduled = false
          flush()
        })
      }
    },
    async start(adopted) {
      observe({ type: 'services', services: lookAtServices(0) })
      await cutter.prepare(judge.services.udp)
      if (adopted) await response.adopt(adopted)
      if (!adopted || !response.live) await cutter.rehearse()
      else {
        sampleAs(SAMPLING.dropping)
        verifiedClients = adopted.report.verifiedClients.count
        judge = { ...judge, phase: resumedPhase(adopted, clock.micros(), judge.policy.holdMs) }
      }
      await tick()
      schedule(interval())
    },
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      await effects
    },
    setWatched(on) {
      isWatched = on
      if (timer) schedule(interval())
    },
    setPolicy(policy) {
      const befriended = inTurn(() => cutter.befriend(policy.friends ?? []))
      observe({ type: 'policy', atUs: clock.micros(), policy })
      return inTurn(() => befriended)
    },
    setSchedule: (schedule) => observe({ type: 'schedule', schedule }),
    setVerifiedClients: (count) => {
      verifiedClients = count
    },
    relearn: () => inTurn(() => cutter.prepare(judge.services.udp)),
    status: () => {
      const baseline = expectedBand(judge, 'total', clock.micros())
      const report = response.live?.report
      return {
        ready: baseline !== null,
        verifiedClients,
        baseline,
        tripwirePps: judge.tripwires.udp.pps,
        learnedSeconds: judge.baseline.seconds,
        services: judge.services,
        incident: report
          ? { id: report.id, state: report.state, vectors: report.vectors.map((vector) => vector.id) }
          : null,
      }
    },
    get judge() {
      return judge
    },
  }
}

/** The flood goes on and the rules keep it out, or they stand by. A pause, though, must be seen soon. */
const isHeld = (phase: JudgeState['phase']): boolean =>
  phase.kind === 'attacked' && (phase.standby || (phase.mitigated && phase.quietSinceUs === null))

/** An attack taken up after a restart ends like any other: by being quiet. */
const resumedPhase = ({ report, cuts, findings }: OpenIncident, atUs: number, holdMs: number): Attacked => ({
  kind: 'attacked',
  sinceUs: atUs,
  findings,
  cuts,
  window: [],
  cleanBand: report.baseline,
  beforePps: report.baseline?.pps ?? 0,
  peakDroppedPps: 0,
  mitigated: report.stages.mitigatedUs !== null,
  quietSinceUs: null,
  ending: false,
  audience: { judgedUs: atUs, is: false },
  standby: false,
  looking: null,
  holdUs: holdMs * 1_000,
})
