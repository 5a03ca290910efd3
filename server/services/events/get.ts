import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { reachOf } from '../../core/permissions'
import type { Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import type { GroupKind } from '../groups/list'
import { groupsWithin, requireGroupWithin } from '../reach'
import { readSchedule } from '../schedule/read'
import {
  audienceOf,
  type Clash,
  clashesOf,
  liveGroups,
  nodesByGroup,
  type ScheduledGroup,
  type Span,
  type Tree,
  toTree,
  upwards,
  zoneOf,
} from '../schedule/schedule'

const Input = z.object({ id: z.uuid() })

/** What a calendar says of a match, and where the match says otherwise because somebody changed it. */
export type ImportedFrom = {
  calendarId: string
  name: string
  location: string
  window: Span
  nodeIds: string[]
  changed: ('name' | 'window' | 'servers')[]
}

export type EventGroup = {
  id: string
  parentId: string | null
  kind: GroupKind
  name: string
  windows: Span[]
  /** Its own; null: as the group above. */
  timeZone: string | null
  audienceTimes: number | null
  /** What holds for it. */
  zone: string
  audience: number
  isLive: boolean
  /** Of its own. */
  nodeIds: string[]
  /** Of it and all that lies in it. */
  servers: number
  clashes: Clash[]
  imported: ImportedFrom | null
}

export type EventDetail = {
  event: EventGroup
  /** What lies above it and may be seen, from the top. */
  path: { id: string; name: string }[]
  /** Stages, matches and whatever else lies in it. */
  inside: EventGroup[]
  calendars: EventCalendar[]
  /** Names of what clashes with it from elsewhere. */
  names: Record<string, string>
}

export type EventCalendar = {
  id: string
  groupId: string
  name: string
  /** Null: a file. */
  host: string | null
  rules: unknown
  matches: number
  refreshedAt: Date | null
  attemptedAt: Date | null
  nextAt: Date | null
  failures: number
  error: string | null
}

/** An event, or any group, with what lies in it and when. Servers are told to whom servers are shown. */
export async function getEvent({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<EventDetail> {
  const reach = requirePermission(ctx, 'group.read')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const all = await readSchedule(tx, workspaceId)
    const tree = toTree(all)
    const group = tree.get(id)
    if (!group) throw new NotFoundError('event')
    await requireGroupWithin(tx, reach, id)
    const within = await groupsWithin(tx, reach)
    const inside = all.filter((one) => one.id !== id && upwards(tree, one.id).some((above) => above.id === id))
    const imported = await readImported(tx, workspaceId, tree, inside)
    const showsServers = maySeeServers(ctx)
    const clashes = showsServers ? clashesOf(all) : []
    const members = nodesByGroup(all)
    const live = liveGroups(tree, clockOf(ctx).now())
    const shape = (one: ScheduledGroup): EventGroup => ({
      ...one,
      nodeIds: showsServers ? one.nodeIds : [],
      zone: zoneOf(tree, one.id),
      audience: audienceOf(tree, one.id),
      isLive: live.has(one.id),
      servers: members.get(one.id)?.size ?? 0,
      clashes: clashes.filter(({ groupId }) => groupId === one.id).slice(0, 5),
      imported: imported.get(one.id) ?? null,
    })
    const shaped = inside.map(shape)
    const others = new Set(shaped.flatMap((one) => one.clashes.map(({ withId }) => withId)))
    return {
      event: shape(group),
      path: upwards(tree, group.parentId)
        .filter((above) => within === null || within.includes(above.id))
        .map(({ id: aboveId, name }) => ({ id: aboveId, name }))
        .reverse(),
      inside: shaped,
      calendars: await readCalendars(tx, workspaceId, [id, ...inside.map((one) => one.id)]),
      names: Object.fromEntries(
        [...others].flatMap((other) => (tree.get(other) ? [[other, tree.get(other)?.name ?? '']] : [])),
      ),
    }
  })
}

const maySeeServers = ({ actor }: Ctx): boolean =>
  actor.kind === 'job' || (actor.kind === 'user' && reachOf(actor.grants, 'node.read') !== null)

const sameNodes = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((one) => right.includes(one))

async function readImported(
  tx: Tx,
  workspaceId: string,
  tree: Tree,
  groups: readonly ScheduledGroup[],
): Promise<Map<string, ImportedFrom>> {
  const rows = await tx.calendarEntry.findMany({
    where: {
      workspaceId,
      groupId: { in: groups.map(({ id }) => id) },
      state: 'current',
      calendar: { removedAt: null },
    },
  })
  return new Map(
    rows.map(({ groupId, calendarId, name, location, startsAt, endsAt, nodeIds }) => {
      const match = tree.get(groupId) as ScheduledGroup
      const window = { startsMs: startsAt.getTime(), endsMs: endsAt.getTime() }
      const [own, ...more] = match.windows
      const isMoved = more.length > 0 || own?.startsMs !== window.startsMs || own.endsMs !== window.endsMs
      const changed: ImportedFrom['changed'] = []
      if (match.name !== name) changed.push('name')
      if (isMoved) changed.push('window')
      if (!sameNodes(match.nodeIds, nodeIds)) changed.push('servers')
      return [groupId, { calendarId, name, location, window, nodeIds, changed }]
    }),
  )
}

async function readCalendars(tx: Tx, workspaceId: string, groupIds: string[]): Promise<EventCalendar[]> {
  const rows = await tx.calendar.findMany({
    where: { workspaceId, groupId: { in: groupIds }, removedAt: null },
    orderBy: { name: 'asc' },
    select: {
      id: true,
      groupId: true,
      name: true,
      host: true,
      rules: true,
      refreshedAt: true,
      attemptedAt: true,
      nextAt: true,
      failures: true,
      error: true,
      _count: { select: { entries: { where: { state: 'current' } } } },
    },
  })
  return rows.map(({ _count, ...row }) => ({ ...row, matches: _count.entries }))
}
