import type { IncidentReport, IncidentState } from '../../../wire/incident'
import { DAY_MS, SECOND_MS } from '../../core/units'
import type { Tx } from '../../db/pool'
import { readLatestSamples } from '../../db/sample-reads'
import type { ServerFacts } from './board'

/** Older seconds say nothing of now. */
const LATEST_AGE_MS_MAX = 30 * SECOND_MS

export type BoardServer = ServerFacts & { id: string; rate: { pps: number; bps: number } | null }

type IncidentRow = {
  nodeId: string
  state: IncidentState
  openedMs: number
  ruleInKernelMs: number | null
  overMs: number | null
  verified: IncidentReport['verifiedClients']
}

/** What the board says of these servers is told from: no more is read than it needs. */
export async function readServers(
  tx: Tx,
  workspaceId: string,
  nodeIds: readonly string[],
  nowMs: number,
): Promise<Map<string, BoardServer>> {
  const ids = [...nodeIds]
  const nodes = await tx.node.findMany({
    where: { workspaceId, id: { in: ids }, archivedAt: null },
    select: { id: true, state: true, lastSeenAt: true },
  })
  const incidents = await tx.$queryRaw<IncidentRow[]>`
    SELECT i.node_id AS "nodeId", i.state, (extract(epoch FROM i.opened_at) * 1000)::float8 AS "openedMs",
      (extract(epoch FROM i.rule_in_kernel_at) * 1000)::float8 AS "ruleInKernelMs",
      (extract(epoch FROM i.resolved_at) * 1000)::float8 AS "overMs", i.report -> 'verifiedClients' AS verified
    FROM incident i WHERE i.workspace_id = ${workspaceId}::uuid AND i.node_id = ANY (${ids}::uuid[])
      AND i.opened_at > ${new Date(nowMs - 30 * DAY_MS)} AND i.state <> 'rejected'
      AND (i.state <> 'resolved' OR i.resolved_at > ${new Date(nowMs - DAY_MS)})`
  const seconds = await readLatestSamples(tx, { workspaceId, nodeIds, fromMs: nowMs - LATEST_AGE_MS_MAX })
  const latest = new Map(seconds.map((one) => [one.nodeId, one]))
  return new Map(
    nodes.map(({ id, state, lastSeenAt }) => {
      const own = incidents.filter(({ nodeId }) => nodeId === id)
      const over = own.flatMap(({ overMs }) => overMs ?? [])
      const last = latest.get(id) ?? null
      const facts: BoardServer = {
        id,
        isOnline: state === 'online',
        open: own.filter((incident) => incident.state !== 'resolved'),
        lastOverMs: over.length === 0 ? null : Math.max(...over),
        lastSeenMs: lastSeenAt?.getTime() ?? null,
        last: last && { deliveredPpsMin: last.deliveredPpsMin, usualPpsHigh: last.baselinePpsHigh },
        rate: last && { pps: last.wirePps, bps: last.wireBps },
      }
      return [id, facts]
    }),
  )
}
