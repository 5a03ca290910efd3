import { type IncidentReport, Reason } from '../../../wire/incident'
import { Push } from '../../../wire/messages'
import { newId } from '../../core/ids'
import { advanceCursor } from '../../db/cursors'
import { CONNECTIONS_MAX, type Tx } from '../../db/pool'
import { type Ctx, inTenant, parseInput } from '../context'
import { ReportInput, storeFirstReport } from './open'

const few = { pps: 1, bps: 1 }
const stage = 1

/** A report like a real one, so that what reads and writes it is compiled for real ones. */
const rehearsed = (): IncidentReport => ({
  id: newId(),
  revision: 1,
  state: 'mitigating',
  score: 0.9,
  target: { addresses: ['2001:db8::1'], ports: [1] },
  vectors: [
    { id: 'udp_flood_fixed', confidence: 0.9, share: 1, startUs: stage, endUs: null, targetPort: 1 },
    { id: 'dns_amp', confidence: 0.9, share: 1, startUs: stage, endUs: null, targetPort: null },
  ],
  reasons: Reason.shape.term.options.map((term) => ({
    term,
    value: 0.5,
    unit: 'ratio',
    normal: { low: 0.1, high: 0.2 },
    strength: 0.5,
  })),
  rules: [
    {
      id: 'c1',
      vectorId: 'udp_flood_fixed',
      level: 'L1',
      action: 'drop',
      words: 'Drop.',
      nft: 'drop',
      installedUs: stage,
      removedUs: null,
      packets: 1,
      bytes: 1,
    },
  ],
  stages: {
    trippedUs: stage,
    detectedUs: stage,
    ruleInKernelUs: stage,
    evidenceSecuredUs: null,
    mitigatedUs: null,
    endingUs: null,
    resolvedUs: null,
  },
  traffic: {
    wire: few,
    dropped: few,
    delivered: few,
    peakWire: few,
    wirePackets: 1,
    droppedPackets: 1,
    droppedBytes: 1,
  },
  baseline: { pps: 1, ppsHigh: 2 },
  verifiedClients: { count: 1, packetsIn: 1, packetsPastCut: 1, socketBufferDrops: 0 },
  evidence: null,
  policy: { name: 'none', version: 0 },
})

/** So often on each connection: together enough for the compiler. */
const ROUNDS = 2
const MEET_MS_MAX = 500
let isRehearsed = false

/**
 * Takes in an incident of this node and takes it back, on every connection of the pool, once in a process: the first real
 * one then finds code, catalog and, whichever connection it gets, a planned statement. Tells nobody.
 */
export async function rehearseIncidents(ctx: Ctx, nodeId: string): Promise<void> {
  if (isRehearsed) return
  isRehearsed = true
  const meet = meeting(CONNECTIONS_MAX)
  const rehearsals = Array.from({ length: CONNECTIONS_MAX }, () =>
    inTenant(ctx, async (tx) => {
      // Whoever goes first waits, or one connection would serve them all.
      await meet()
      for (let round = 0; round < ROUNDS; round++) await rehearseIncident(tx, ctx, nodeId)
    }),
  )
  // Busy connections are left out; whatever is wrong, the real one will say.
  await Promise.allSettled(rehearsals)
}

/** Resolves for everybody when `count` have come, or when the first has waited long enough. */
function meeting(count: number): () => Promise<void> {
  let come = 0
  let start = (): void => undefined
  const started = new Promise<void>((resolve) => {
    start = resolve
  })
  return () => {
    come += 1
    if (come === 1) setTimeout(start, MEET_MS_MAX).unref()
    if (come === count) start()
    return started
  }
}

async function rehearseIncident(tx: Tx, ctx: Ctx, nodeId: string): Promise<void> {
  const event = { atUs: stage, kind: 'opened' as const, text: 'opened' }
  const push = Push.parse({ lane: 'incidents', seq: 1, body: { type: 'incident', event, report: rehearsed() } })
  if (push.body.type !== 'incident') return
  const given = parseInput(ReportInput, { nodeId, event, report: push.body.report })
  const { workspaceId } = ctx
  await tx.$executeRaw`SAVEPOINT rehearsal`
  try {
    await advanceCursor(tx, { workspaceId, nodeId, lane: 'incidents', seq: Number.MAX_SAFE_INTEGER, hash: '' })
    await storeFirstReport(tx, ctx, given)
  } finally {
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT rehearsal`
  }
}
