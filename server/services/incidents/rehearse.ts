import type { IncidentReport } from '../../../wire/incident'
import { newId } from '../../core/ids'
import { advanceCursor } from '../../db/cursors'
import type { Tx } from '../../db/pool'
import type { Ctx } from '../context'
import { insertIncident, type ReportWrite, writeReport } from './write-report'

const none = { pps: 0, bps: 0 }

const nothing = (): IncidentReport => ({
  id: newId(),
  revision: 1,
  state: 'mitigating',
  score: 1,
  target: { addresses: [], ports: [] },
  vectors: [],
  reasons: [],
  rules: [],
  stages: {
    trippedUs: 0,
    detectedUs: 0,
    ruleInKernelUs: null,
    evidenceSecuredUs: null,
    mitigatedUs: null,
    endingUs: null,
    resolvedUs: null,
  },
  traffic: {
    wire: none,
    dropped: none,
    delivered: none,
    peakWire: none,
    wirePackets: 0,
    droppedPackets: 0,
    droppedBytes: 0,
  },
  baseline: null,
  verifiedClients: { count: 0, packetsIn: 0, packetsPastCut: 0, socketBufferDrops: 0 },
  evidence: null,
  policy: { name: 'none', version: 0 },
})

/**
 * Stores an incident of this node and takes it back, in the caller's transaction: the first real one then finds code, plans
 * and catalog in memory. Tells nobody.
 */
export async function rehearseIncident(tx: Tx, ctx: Ctx, nodeId: string): Promise<void> {
  const write: ReportWrite = {
    nodeId,
    event: { atUs: 0, kind: 'opened', text: '' },
    report: nothing(),
    state: 'mitigating',
    effects: ['opened'],
    auditAction: 'incident.open',
    before: null,
  }
  const step = {
    workspaceId: ctx.workspaceId,
    nodeId,
    lane: 'incidents' as const,
    seq: Number.MAX_SAFE_INTEGER,
    hash: '',
  }
  await tx.$executeRaw`SAVEPOINT rehearsal`
  try {
    await advanceCursor(tx, step)
    await writeReport(tx, ctx, write, insertIncident(ctx, write))
  } finally {
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT rehearsal`
  }
}
