import { uuidv7 } from 'uuidv7'
import type { IncidentEvent, IncidentReport, IncidentState } from '../../wire/incident'
import type { Policy, PushBody } from '../../wire/messages'
import { errorText } from '../errors'
import type { FrozenRing } from '../evidence/ring'
import type { Finding } from '../judge/classify'
import {
  closed,
  openReport,
  revised,
  stateUnder,
  withRules,
  withStage,
  withStanding,
  withTraffic,
  withVectors,
} from '../judge/report'
import type { SurgeVerdict, TickRates, Verdict } from '../judge/state'
import { eventText, recutText } from '../judge/words'
import type { Log } from '../log'
import type { Cutter } from '../mitigate/cutter'
import type { Cut } from '../mitigate/ruleset'
import type { Priority } from '../priority'
import { isDiskFull } from '../replace-file'
import type { Clock } from '../sense/clock'
import { type Reading, total } from '../sense/sampler'

/** What is kept on disk while an incident is open, so that a restarted agent takes it up again. */
export type OpenIncident = { report: IncidentReport; cuts: readonly Cut[]; findings: readonly Finding[] }

const OVER: readonly IncidentState[] = ['resolved', 'rejected']

type Signed = Extract<PushBody, { type: 'evidence' }>['signed']

export type ResponseParts = {
  cutter: Cutter
  clock: Clock
  log: Log
  priority: Priority
  ring: { freeze(): FrozenRing }
  evidence: {
    open(onset: {
      incidentId: string
      onsetUs: number
      packets: FrozenRing
      samplingRate: number | null
      kernelDrops: number | null
    }): Promise<{ securedUs: number; packets: number; packetsBeforeOnset: number; bytes: number }>
    close(incidentId: string): Promise<{ path: string; sha256: string; bytes: number; signed: Signed }>
  }
  link: {
    push(body: PushBody): void
    uploadBundle(bundle: { path: string; sha256: string }): void
    settled(): Promise<boolean>
    makeRoom(bytes: number): boolean
  }
  keep(open: OpenIncident | null): void
}

type Live = {
  report: IncidentReport
  cuts: readonly Cut[]
  findings: readonly Finding[]
  /** Counters before the incident: totals are counted from here. */
  since: Reading | null
  evidence: Promise<void>
  /** Quiet: the rules in the kernel only count. */
  standby: boolean
  /** Recorded by an earlier run, which cannot go on recording: `recover` finishes its bundle. */
  adopted: boolean
}

const BEGUN = {
  since: null,
  evidence: Promise.resolve(),
  standby: false,
  adopted: false,
}

/** What the kernel counted up to a tick. */
export type Counted = { rates: TickRates; reading: Reading; before: Reading; verifiedClients: number }

/** Carries out verdicts: cut first, evidence next, and only then the network. One incident at a time. */
export type Response = {
  readonly live: Readonly<OpenIncident> | null
  open(verdict: Verdict, policy: Policy, verifiedClients: number): Promise<void>
  addVectors(findings: readonly Finding[], cuts: readonly Cut[], atUs: number): Promise<void>
  /** Another policy: these cuts stand instead of those that stood. */
  recut(cuts: readonly Cut[]): Promise<void>
  mitigated(atUs: number): void
  ending(atUs: number): void
  resumed(): void
  /** Quiet: rules only count from now on. */
  standBy(servicePorts: readonly number[]): Promise<void>
  /** The attack came back: rules drop again. */
  rearm(): Promise<void>
  resolve(servicePorts: readonly number[]): Promise<void>
  surge(verdict: SurgeVerdict): void
  surgeOver(atUs: number): void
  /** Prolongs the life of the rules. */
  refresh(): Promise<void>
  count(counted: Counted): void
  /** Tells the platform how it stands; once a second is enough. */
  tell(): void
  /** Takes up the incident of an earlier run: its rules stand again before anything else happens. One that was over is told again. */
  adopt(open: OpenIncident): Promise<void>
}

/** Ring, manifest and directories with something to spare. */
const EVIDENCE_ROOM_BYTES = 6 * 1024 ** 2

export function createResponse({ cutter, clock, evidence, keep, link, log, priority, ring }: ResponseParts): Response {
  let live: Live | null = null
  let surge: { id: string; verdict: SurgeVerdict } | null = null

  function send(kind: IncidentEvent['kind'], { report, cuts, findings }: OpenIncident, words?: string): void {
    const text = words ?? eventText(kind, report)
    link.push({ type: 'incident', event: { atUs: clock.micros(), kind, text }, report })
    keep({ report, cuts, findings })
  }

  function advance(
    kind: IncidentEvent['kind'],
    change: (report: IncidentReport) => IncidentReport,
    words?: string,
  ): void {
    if (!live) return
    live.report = revised(change(live.report))
    send(kind, live, words)
  }

  /** What an incident leaves is worth more than old samples. */
  async function withRoom<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      return await write()
    } catch (error) {
      if (!isDiskFull(error) || !link.makeRoom(EVIDENCE_ROOM_BYTES)) throw error
      return write()
    }
  }

  async function secureEvidence(incidentId: string, onsetUs: number): Promise<void> {
    try {
      const onset = { incidentId, onsetUs, packets: ring.freeze(), samplingRate: null, kernelDrops: null }
      const secured = await priority.calmly(() => withRoom(() => evidence.open(onset)))
      advance('evidence_secured', (report) => ({
        ...withStage(report, 'evidenceSecuredUs', secured.securedUs),
        evidence: {
          state: 'recording',
          bundleSha256: null,
          packets: secured.packets,
          packetsBeforeOnset: secured.packetsBeforeOnset,
          bytes: secured.bytes,
        },
      }))
    } catch (error) {
      log.error({ incidentId }, `Evidence could not be secured: ${errorText(error)}`)
    }
  }

  async function bundleEvidence(incidentId: string): Promise<void> {
    try {
      const { path, sha256, bytes, signed } = await priority.calmly(() => withRoom(() => evidence.close(incidentId)))
      link.push({ type: 'evidence', incidentId, bundle: { sha256, bytes }, signed })
      link.uploadBundle({ path, sha256 })
    } catch (error) {
      log.error({ incidentId }, `The evidence bundle could not be finished: ${errorText(error)}`)
    }
  }

  /** An end that is not on disk yet would be unknown to the next run, and the incident open for ever. */
  async function forgetWhenTold(): Promise<void> {
    const isTold = await link.settled()
    if (isTold && live === null) keep(null)
  }

  return {
    get live() {
      return live
    },
    async open(verdict, policy, verifiedClients) {
      const id = uuidv7()
      let report = openReport(id, verdict, policy)
      report.verifiedClients.count = verifiedClients
      try {
        await cutter.apply(id, verdict.cuts, report.vectors.map((vector) => vector.id).join(' '))
        report = withRules(report, verdict.cuts, clock.micros())
      } catch (error) {
        log.error({ incidentId: id }, `${errorText(error)} The attack is reported, not dropped.`)
      }
      const { cuts, findings } = verdict
      live = { ...BEGUN, report, cuts, findings }
      send('opened', live)
      // A turn of the loop later: the message must be on the wire before the ring is hashed.
      live.evidence = new Promise((resolve) => setImmediate(() => resolve(secureEvidence(id, verdict.trippedUs))))
      log.warn({ incidentId: id, vectors: report.vectors, stages: report.stages }, 'incident opened')
    },
    async addVectors(findings, cuts, atUs) {
      if (!live) return
      await cutter.add(live.report.id, cuts, findings.map((finding) => finding.vectorId).join(' '))
      live.cuts = [...live.cuts, ...cuts]
      live.findings = [...live.findings, ...findings]
      advance('vector_added', (report) => withRules(withVectors(report, findings, atUs), cuts, clock.micros()))
    },
    async recut(cuts) {
      if (!live) return
      // What counts only because it is quiet is built as it should be when the attack comes back.
      if (!live.standby) await cutter.apply(live.report.id, cuts, 'another policy')
      live.cuts = cuts
      const { standby } = live
      const acts = cuts.some(({ action }) => action !== 'count')
      const isOn = !standby && live.report.stages.endingUs === null
      advance(
        acts ? 'rule_installed' : 'rule_removed',
        (report) => ({
          ...withStanding(report, standby ? [] : cuts, clock.micros()),
          state: isOn ? stateUnder(cuts) : report.state,
        }),
        recutText(cuts),
      )
    },
    mitigated: (atUs) =>
      advance('mitigated', (report) =>
        withStage(report, 'mitigatedUs', report.stages.mitigatedUs ?? atUs, 'mitigated'),
      ),
    ending: (atUs) => advance('ending', (report) => withStage(report, 'endingUs', atUs, 'ending')),
    resumed: () => advance('resumed', (report) => withStage(report, 'endingUs', null, stateUnder(live?.cuts ?? []))),
    async standBy(servicePorts) {
      if (!live) return
      await cutter.standBy(live.report.id, live.cuts, 'quiet: counting only', servicePorts)
      live.standby = true
      const atUs = clock.micros()
      advance('rule_removed', (report) => withStanding(report, [], atUs))
    },
    async rearm() {
      if (!live) return
      await cutter.apply(live.report.id, live.cuts, 'the attack came back')
      const { cuts } = live
      live.standby = false
      advance('resumed', (report) =>
        withStage(withStanding(report, cuts, clock.micros()), 'endingUs', null, stateUnder(cuts)),
      )
    },
    async resolve(servicePorts) {
      if (!live) return
      const done = live
      await cutter.withdraw(done.report.id, 'quiet for the hold time', servicePorts).catch((error: unknown) => {
        // The incident is over all the same: nobody prolongs the rules any more, and the next start removes the table.
        log.error(
          { incidentId: done.report.id },
          `Rules could not be removed and end by themselves: ${errorText(error)}`,
        )
      })
      await done.evidence
      done.report = revised(closed(done.report, clock.micros()))
      send('resolved', done)
      live = null
      void forgetWhenTold()
      const { id, traffic } = done.report
      log.info({ incidentId: id, droppedPackets: traffic.droppedPackets }, 'incident resolved, rules removed')
      if (!done.adopted) void bundleEvidence(id)
    },
    surge(verdict) {
      surge = { id: uuidv7(), verdict }
      link.push({ type: 'surge', surge: { id: surge.id, endUs: null, ...verdict } })
      log.info({ surgeId: surge.id, score: verdict.score }, 'surge: loud, but composed like an audience')
    },
    surgeOver(atUs) {
      if (surge) link.push({ type: 'surge', surge: { id: surge.id, endUs: atUs, ...surge.verdict } })
      surge = null
    },
    async refresh() {
      if (live) await cutter.refresh(live.report.id)
    },
    count({ rates, reading, before, verifiedClients }) {
      if (!live) return
      live.since ??= before
      live.report = withTraffic(live.report, reading.hits, rates, {
        wirePackets: total(reading.wire).packets - total(live.since.wire).packets,
        socketBufferDrops: reading.socketDrops - live.since.socketDrops,
        verifiedClients,
        verifiedIn: reading.marked.packets - live.since.marked.packets,
      })
    },
    tell: () => advance('updated', (report) => report),
    async adopt(open) {
      if (OVER.includes(open.report.state)) {
        send('resolved', open)
        return forgetWhenTold()
      }
      await cutter.apply(open.report.id, open.cuts, 'taken up after a restart')
      // Killed on standby, its rules were gone: they drop again.
      live = { ...BEGUN, ...open, report: withStanding(open.report, open.cuts, clock.micros()), adopted: true }
      log.warn({ incidentId: open.report.id }, 'open incident of the last run taken up: its rules stand again')
    },
  }
}
