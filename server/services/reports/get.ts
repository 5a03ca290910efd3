import { z } from 'zod'
import { ForbiddenError, NotFoundError } from '../../core/errors'
import type { Reach } from '../../core/permissions'
import { DAY_MS } from '../../core/units'
import { Prisma, type Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { type Incident, selectIncidents } from '../incidents/incident'
import { groupsWithin, requireWithin, withinReach } from '../reach'
import { collectIncident } from './collect'
import { EDITIONS, type Edition, type Report, type ReportScope } from './report'

const Asked = z.object({ edition: z.enum(EDITIONS) })
const OfIncident = Asked.extend({ incidentId: z.uuid() })
const moment = z.int().nonnegative()
const OfGroup = Asked.extend({
  /** Null: the whole workspace, as far as one's grants go. */
  groupId: z.uuid().nullable(),
  fromMs: moment,
  toMs: moment,
}).refine(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= 400 * DAY_MS, {
  message: 'choose a span of at most 400 days that ends after it begins',
  path: ['toMs'],
})

/** Told one by one; of more only the newest. */
const INCIDENTS_MAX = 60

/** Sponsors' words may be read by whoever may see that there was an attack; the others by who may read incidents. */
const needOf = (edition: Edition) => (edition === 'sponsor' ? 'report.read' : 'incident.read')

/** What happened in one incident, for one of three readers. */
export async function getIncidentReport({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof OfIncident>
}): Promise<Report> {
  const { incidentId, edition } = parseInput(OfIncident, input)
  const reach = requirePermission(ctx, needOf(edition))
  return inTenant(ctx, async (tx) => {
    const [incident] = await selectIncidents(tx, ctx.workspaceId, Prisma.sql`i.id = ${incidentId}::uuid`)
    if (!incident) throw new NotFoundError('incident')
    await requireWithin(tx, reach, incident.nodeId)
    return compose(tx, ctx, { scope: { kind: 'incident' }, edition, incidents: [incident], leftOut: 0, nodeCount: 1 })
  })
}

/** What happened on the servers of a group, or of all, in a span of time. */
export async function getGroupReport({ ctx, input }: { ctx: Ctx; input: z.input<typeof OfGroup> }): Promise<Report> {
  const { groupId, edition, fromMs, toMs } = parseInput(OfGroup, input)
  const reach = requirePermission(ctx, needOf(edition))
  return inTenant(ctx, async (tx) => {
    const scope: ReportScope =
      groupId === null
        ? { kind: 'workspace', fromMs, toMs }
        : { kind: 'group', name: await nameOfGroup(tx, ctx, reach, groupId), fromMs, toMs }
    const covered = (column: Prisma.Sql) =>
      groupId === null ? withinReach(reach, column) : withinReach([groupId], column)
    const incidents = await selectIncidents(
      tx,
      ctx.workspaceId,
      Prisma.sql`${covered(Prisma.sql`i.node_id`)} AND i.state NOT IN ('suspected', 'rejected')
        AND i.opened_at < ${new Date(toMs)}::timestamptz
        AND coalesce(i.resolved_at, ${new Date(clockOf(ctx).now())}::timestamptz) > ${new Date(fromMs)}::timestamptz
        ORDER BY i.opened_at DESC LIMIT 2000`,
    )
    const [{ nodes } = { nodes: 0 }] = await tx.$queryRaw<{ nodes: number }[]>`
      SELECT count(*)::int AS nodes FROM node n
      WHERE n.workspace_id = ${ctx.workspaceId}::uuid AND n.archived_at IS NULL AND ${covered(Prisma.sql`n.id`)}`
    return compose(tx, ctx, {
      scope,
      edition,
      incidents: incidents.slice(0, INCIDENTS_MAX).reverse(),
      leftOut: Math.max(0, incidents.length - INCIDENTS_MAX),
      nodeCount: nodes,
    })
  })
}

async function nameOfGroup(tx: Tx, ctx: Ctx, reach: Reach, groupId: string): Promise<string> {
  const group = await tx.nodeGroup.findFirst({
    where: { workspaceId: ctx.workspaceId, id: groupId },
    select: { name: true },
  })
  if (!group) throw new NotFoundError('group')
  const within = await groupsWithin(tx, reach)
  if (within !== null && !within.includes(groupId))
    throw new ForbiddenError('This group was not given to you. Ask an owner or admin of the workspace.')
  return group.name
}

type Given = Pick<Report, 'scope' | 'edition' | 'nodeCount' | 'leftOut'> & { incidents: Incident[] }

async function compose(tx: Tx, ctx: Ctx, { incidents, ...given }: Given): Promise<Report> {
  const workspace = await tx.workspace.findFirstOrThrow({ where: { id: ctx.workspaceId }, select: { name: true } })
  const placesOf = await readPlaces(tx, ctx, [...new Set(incidents.map(({ nodeId }) => nodeId))])
  const reported: Report['incidents'] = []
  for (const incident of incidents) {
    const places = placesOf.get(incident.nodeId) ?? []
    const withSamples = given.scope.kind === 'incident'
    reported.push(await collectIncident(tx, ctx, incident, { edition: given.edition, withSamples, places }))
  }
  return { ...given, incidents: reported, workspaceName: workspace.name, madeMs: clockOf(ctx).now() }
}

const ORDER = ['event', 'stage', 'match', 'region', 'role']

/** Names of the groups each node lies in, as far as the reader may know them. */
async function readPlaces(tx: Tx, ctx: Ctx, nodeIds: string[]): Promise<Map<string, string[]>> {
  const reach = requirePermission(ctx, 'group.read')
  const within = await groupsWithin(tx, reach)
  const rows = await tx.$queryRaw<{ groupId: string; nodeId: string; kind: string; name: string }[]>`
    SELECT g.id AS "groupId", m.node_id AS "nodeId", g.kind, g.name
    FROM groups_of_nodes(${nodeIds}::uuid[]) m JOIN node_group g ON g.workspace_id = ${ctx.workspaceId}::uuid AND g.id = m.group_id`
  const known = rows
    .filter(({ groupId }) => within === null || within.includes(groupId))
    .sort((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind) || left.name.localeCompare(right.name))
  const places = new Map<string, string[]>()
  for (const { nodeId, name } of known) places.set(nodeId, [...(places.get(nodeId) ?? []), name])
  return places
}
