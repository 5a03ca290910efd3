import { type IncidentReport, Reason } from '../../../wire/incident'
import { Push } from '../../../wire/messages'
import { newId } from '../../core/ids'
import { advanceCursor } from '../../db/cursors'
import type { Tx } from '../../db/pool'
import { type Ctx, parseInput } from '../context'
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

/** The first welcome of a process rehearses so often that the code is compiled, some more for the other connections. */
const ROUNDS = { first: 6, all: 16 }
let rounds = 0

/**
 * Takes in an incident of this node and takes it back, in the caller's transaction: the first real one then finds code,
 * plans and catalog in memory. Tells nobody. Once a process has rehearsed enough, it does nothing.
 */
export async function rehearseIncidents(tx: Tx, ctx: Ctx, nodeId: string): Promise<void> {
  const last = Math.min(ROUNDS.all, Math.max(ROUNDS.first, rounds + 1))
  while (rounds < last) {
    rounds += 1
    await rehearseIncident(tx, ctx, nodeId)
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
