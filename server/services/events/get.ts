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
  const rows = await inTenant(ctx, async (tx) => {
    const all = await readSchedule(ctx, tx)
    const tree = toTree(all)
    if (!tree.has(id)) throw new NotFoundError('event')
    await requireGroupWithin(tx, reach, id)
    const within = await groupsWithin(tx, reach)
    const inside = all.filter((one) => one.id !== id && upwards(tree, one.id).some((above) => above.id === id))
    const ids = inside.map((one) => one.id)
    const imported = await readImported(tx, workspaceId, ids)
    return { all, tree, within, inside, imported, calendars: await readCalendars(tx, workspaceId, [id, ...ids]) }
  })
  return toDetail(ctx, id, rows)
}

type Rows = {
  all: ScheduledGroup[]
  tree: Tree
  within: string[] | null
  inside: ScheduledGroup[]
  imported: Imported[]
  calendars: EventCalendar[]
}

/** A thousand matches take a while to think about: no transaction is held meanwhile. */
function toDetail(ctx: Ctx, id: string, { all, tree, within, inside, imported, calendars }: Rows): EventDetail {
  const clashes = new Map<string, Clash[]>()
  for (const clash of maySeeServers(ctx) ? clashesOf(all) : [])
    clashes.set(clash.groupId, [...(clashes.get(clash.groupId) ?? []), clash])
  const members = nodesByGroup(all)
  const live = liveGroups(tree, clockOf(ctx).now())
  const told = new Map(imported.map((entry) => [entry.groupId, toImported(entry, tree.get(entry.groupId))]))
  const shape = (one: ScheduledGroup): EventGroup => ({
    ...one,
    nodeIds: maySeeServers(ctx) ? one.nodeIds : [],
    zone: zoneOf(tree, one.id),
    audience: audienceOf(tree, one.id),
    isLive: live.has(one.id),
    servers: members.get(one.id)?.size ?? 0,
    clashes: clashes.get(one.id)?.slice(0, CLASHES_SHOWN) ?? [],
    imported: told.get(one.id) ?? null,
  })
  const shaped = inside.map(shape)
  const others = new Set(shaped.flatMap((one) => one.clashes.map(({ withId }) => withId)))
  return {
    event: shape(tree.get(id) as ScheduledGroup),
    path: upwards(tree, tree.get(id)?.parentId ?? null)
      .filter((above) => within === null || within.includes(above.id))
      .map((above) => ({ id: above.id, name: above.name }))
      .reverse(),
    inside: shaped,
    calendars,
    names: Object.fromEntries([...others].map((other) => [other, tree.get(other)?.name ?? ''])),
  }
}

const CLASHES_SHOWN = 5

const maySeeServers = ({ actor }: Ctx): boolean =>
  actor.kind === 'job' || (actor.kind === 'user' && reachOf(actor.grants, 'node.read') !== null)

const sameNodes = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((one) => right.includes(one))

type Imported = Awaited<ReturnType<typeof readImported>>[number]

const readImported = (tx: Tx, workspaceId: string, groupIds: string[]) =>
  tx.calendarEntry.findMany({
    where: { workspaceId, groupId: { in: groupIds }, state: 'current', calendar: { removedAt: null } },
  })

function toImported(entry: Imported, match: ScheduledGroup | undefined): ImportedFrom {
  const { calendarId, name, location, startsAt, endsAt, nodeIds } = entry
  const window = { startsMs: startsAt.getTime(), endsMs: endsAt.getTime() }
  const [own, ...more] = match?.windows ?? []
  const changed: ImportedFrom['changed'] = []
  if (match?.name !== name) changed.push('name')
  if (more.length > 0 || own?.startsMs !== window.startsMs || own.endsMs !== window.endsMs) changed.push('window')
  if (!sameNodes(match?.nodeIds ?? [], nodeIds)) changed.push('servers')
  return { calendarId, name, location, window, nodeIds, changed }
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
