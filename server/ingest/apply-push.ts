import type { Logger } from 'pino'
import type { IncidentEvent, IncidentReport, SurgeReport } from '../../wire/incident'
import { CLOCK_SKEW_MS_MAX, SAMPLE_AGE_MS_MAX } from '../../wire/limits'
import type { NodeNotice, PushBody } from '../../wire/messages'
import type { AgentIdentity } from '../gateway/authenticate-agent'
import type { Metrics } from '../gateway/metrics'
import type { ApplyPush, PushOutcome, ReceivedPush } from '../gateway/push'
import { WireFailure } from '../gateway/wire-failure'
import type { SampleOutcome, SamplePush } from './ingest-samples'

/** Place of a message in its lane: a verb moves the cursor there in the transaction that stores the message. */
export type LaneStep = { seq: number; hash: string }
export type Stored = { kind: PushOutcome['kind']; lastSeq: number }

export type EvidenceAnnouncement = Extract<PushBody, { type: 'evidence' }>

export type ApplyPushOptions = {
  ingestSamples: (push: SamplePush) => Promise<SampleOutcome>
  recordIncident: (
    identity: AgentIdentity,
    step: LaneStep,
    message: { event: IncidentEvent; report: IncidentReport },
  ) => Promise<Stored>
  recordSurge: (identity: AgentIdentity, step: LaneStep, surge: SurgeReport) => Promise<Stored>
  announceEvidence: (identity: AgentIdentity, step: LaneStep, message: EvidenceAnnouncement) => Promise<Stored>
  recordNotice: (identity: AgentIdentity, step: LaneStep, notice: NodeNotice) => Promise<Stored>
  /** Moves the incidents lane on past a message that is not stored. */
  passOver: (identity: AgentIdentity, step: LaneStep) => Promise<Stored>
  nowUs: () => number
  metrics: Metrics
  log: Logger
}

/** Hands a validated push to what stores its kind. Nothing is acknowledged before its COMMIT returned. */
export function createApplyPush(options: ApplyPushOptions): ApplyPush {
  return (identity, received) => store(options, identity, received)
}

async function store(
  options: ApplyPushOptions,
  identity: AgentIdentity,
  { push, hash, receivedUs }: ReceivedPush,
): Promise<PushOutcome> {
  const { body, seq } = push
  const step = { seq, hash }
  if (body.type === 'samples') {
    const { workspaceId, nodeId } = identity
    return storeSamples(options, { workspaceId, nodeId, seq, hash, samples: body.samples })
  }
  // As with samples: nothing of it is stored, and the lane moves on, or it would stand still until that time has come.
  if (latestUs(body) > options.nowUs() + CLOCK_SKEW_MS_MAX * 1_000) {
    return { ...(await options.passOver(identity, step)), refused: aheadOfTime('This message lies') }
  }
  if (body.type === 'surge') return options.recordSurge(identity, step, body.surge)
  if (body.type === 'evidence') return options.announceEvidence(identity, step, body)
  if (body.type === 'notice') return options.recordNotice(identity, step, body.notice)
  const stored = await options.recordIncident(identity, step, { event: body.event, report: body.report })
  if (stored.kind === 'stored') {
    const { id: incidentId, revision, state } = body.report
    const { nowUs, log } = options
    log.info(
      { incidentId, revision, state, event: body.event.kind, receivedUs, committedUs: nowUs() },
      'incident stored',
    )
  }
  return stored
}

async function storeSamples({ ingestSamples, metrics }: ApplyPushOptions, push: SamplePush): Promise<PushOutcome> {
  const { kind, lastSeq, stored, tooOld, inFuture } = await ingestSamples(push)
  metrics.samplesStored.inc(stored)
  if (kind !== 'stored') return { kind, lastSeq }
  if (tooOld > 0) metrics.samplesDiscarded.inc({ reason: 'too_old' }, tooOld)
  if (inFuture > 0) metrics.samplesDiscarded.inc({ reason: 'in_future' }, inFuture)
  const refused = stored === 0 ? refusalOf(tooOld, inFuture) : undefined
  return { kind, lastSeq, refused }
}

/** Nothing of the push could be kept. The lane moves on all the same, or it would stand still for ever. */
function refusalOf(tooOld: number, inFuture: number): WireFailure | undefined {
  if (tooOld > 0) {
    return new WireFailure(
      'too_old',
      `Samples are kept for ${SAMPLE_AGE_MS_MAX / 3_600_000} h; these are older. Go on.`,
    )
  }
  if (inFuture === 0) return undefined
  return aheadOfTime('These samples lie')
}

const aheadOfTime = (what: string): WireFailure =>
  new WireFailure(
    'in_future',
    `${what} more than ${CLOCK_SKEW_MS_MAX / 1_000} s ahead of the gateway's clock. Correct the node's clock.`,
  )

/** The latest time that a message claims, in microseconds. */
function latestUs(body: Exclude<PushBody, { type: 'samples' }>): number {
  if (body.type === 'surge') return Math.max(body.surge.atUs, body.surge.endUs ?? 0)
  if (body.type === 'evidence') return Math.max(body.signed.manifest.createdUs, body.signed.manifest.onsetUs)
  if (body.type === 'notice') return body.notice.atUs
  const { stages, vectors, rules } = body.report
  const times = [
    body.event.atUs,
    ...Object.values(stages),
    ...vectors.flatMap(({ startUs, endUs }) => [startUs, endUs]),
    ...rules.flatMap(({ installedUs, removedUs }) => [installedUs, removedUs]),
  ]
  return Math.max(...times.map((time) => time ?? 0))
}
