import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { SECOND_MS } from '../../core/units'
import type { Tx } from '../../db/pool'
import { readLatestSamples } from '../../db/sample-reads'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { requireGroupWithin } from '../reach'
import { readSchedule } from '../schedule/read'
import { clashesOf, nodesByGroup, toTree, upwards } from '../schedule/schedule'
import { type Check, checksOf, type ReadinessFacts } from './checks'

const Input = z.object({ id: z.uuid() })

const LATEST_AGE_MS_MAX = 60 * SECOND_MS

/** What an event still needs before it goes on air, from what is stored at this moment. */
export async function getReadiness({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Check[]> {
  const reach = requirePermission(ctx, 'node.read')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const nowMs = clockOf(ctx).now()
  return inTenant(ctx, async (tx) => {
    const groups = await readSchedule(ctx, tx)
    const tree = toTree(groups)
    if (!tree.has(id)) throw new NotFoundError('event')
    await requireGroupWithin(tx, reach, id)
    const members = nodesByGroup(groups)
    const inIt = groups.filter((one) => upwards(tree, one.id).some((above) => above.id === id))
    const ids = new Set(inIt.map((one) => one.id))
    const windows = inIt.flatMap((one) => one.windows)
    // What was played needs no server any more.
    const matches = inIt.filter(
      (one) => one.kind === 'match' && (one.windows.length === 0 || one.windows.some(({ endsMs }) => endsMs > nowMs)),
    )
    const told = clashesOf(groups).filter(({ groupId, endsMs }) => ids.has(groupId) && endsMs > nowMs)
    const nodeIds = [...(members.get(id) ?? [])]
    return checksOf({
      ...(await readNodes(tx, workspaceId, nodeIds, nowMs)),
      matches: matches.length,
      matchesWithoutServers: matches.filter((one) => members.get(one.id)?.size === 0).length,
      destinations: await readDestinations(tx, workspaceId),
      evidence: await readEvidence(tx, workspaceId, nodeIds),
      windows: windows.length,
      lastEndMs: windows.length === 0 ? null : Math.max(...windows.map(({ endsMs }) => endsMs)),
      clashes: new Set(
        told.map(({ groupId, withId, nodeId, startsMs }) => [...[groupId, withId].sort(), nodeId, startsMs].join()),
      ).size,
      boardLinks: await readLinks(
        tx,
        workspaceId,
        upwards(tree, id).map((one) => one.id),
        new Date(nowMs),
      ),
      nowMs,
    })
  })
}

async function readNodes(
  tx: Tx,
  workspaceId: string,
  nodeIds: string[],
  nowMs: number,
): Promise<Pick<ReadinessFacts, 'nodes' | 'newestVersion'>> {
  const all = await tx.node.findMany({
    where: { workspaceId, archivedAt: null },
    select: { id: true, name: true, enrolledAt: true, state: true, agentVersion: true },
    orderBy: { name: 'asc' },
  })
  const latest = new Map(
    (await readLatestSamples(tx, { workspaceId, nodeIds, fromMs: nowMs - LATEST_AGE_MS_MAX })).map((one) => [
      one.nodeId,
      one,
    ]),
  )
  const versions = [...new Set(all.flatMap(({ agentVersion }) => agentVersion ?? []))]
  versions.sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
  const inIt = new Set(nodeIds)
  const nodes = all
    .filter(({ id }) => inIt.has(id))
    .map(({ id, name, enrolledAt, state, agentVersion }) => ({
      name,
      isEnrolled: enrolledAt !== null,
      isOnline: state === 'online',
      agentVersion,
      hasSecond: latest.has(id),
      hasBaseline: (latest.get(id)?.baselinePps ?? null) !== null,
    }))
  return { nodes, newestVersion: versions.at(-1) ?? null }
}

/** Enabled destinations, with how the last attempt to each went. */
async function readDestinations(tx: Tx, workspaceId: string): Promise<ReadinessFacts['destinations']> {
  return tx.$queryRaw<ReadinessFacts['destinations']>`
    SELECT d.name, last.outcome AS "lastOutcome", (extract(epoch FROM last.at) * 1000)::float8 AS "lastAtMs"
    FROM destination d LEFT JOIN LATERAL (
      SELECT y.outcome, y.at FROM outgoing_message m JOIN delivery y ON y.workspace_id = m.workspace_id AND y.message_id = m.id
      WHERE m.workspace_id = d.workspace_id AND m.destination_id = d.id ORDER BY y.at DESC LIMIT 1) last ON true
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.enabled ORDER BY d.name`
}

async function readEvidence(tx: Tx, workspaceId: string, nodeIds: string[]): Promise<ReadinessFacts['evidence']> {
  const waiting = { workspaceId, nodeId: { in: nodeIds }, state: 'on_node' }
  const announced = await tx.evidence.count({ where: { workspaceId, nodeId: { in: nodeIds } } })
  const oldest = await tx.evidence.aggregate({ where: waiting, _min: { registeredAt: true }, _count: true })
  return {
    announced,
    uploaded: announced - oldest._count,
    oldestWaitingMs: oldest._min.registeredAt?.getTime() ?? null,
  }
}

async function readLinks(
  tx: Tx,
  workspaceId: string,
  groupIds: string[],
  now: Date,
): Promise<ReadinessFacts['boardLinks']> {
  const links = await tx.boardLink.findMany({
    where: { workspaceId, groupId: { in: groupIds }, revokedAt: null, expiresAt: { gt: now } },
    select: { expiresAt: true },
  })
  return links.map(({ expiresAt }) => ({ expiresMs: expiresAt.getTime() }))
}
