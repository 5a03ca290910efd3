import { z } from 'zod'
import { DAY_MS } from '../../core/units'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import type { GroupKind } from '../groups/list'
import { groupsWithin } from '../reach'
import { readSchedule } from '../schedule/read'
import {
  audienceOf,
  clashesOf,
  liveGroups,
  nodesByGroup,
  type ScheduledGroup,
  type Tree,
  toTree,
  upwards,
  zoneOf,
} from '../schedule/schedule'

const moment = z.int().nonnegative()
const Input = z
  .object({ fromMs: moment, toMs: moment })
  .refine(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= 100 * DAY_MS, {
    message: 'ask for at most a hundred days at once',
    path: ['toMs'],
  })

/** A window of an event, stage or match. */
export type CalendarItem = {
  groupId: string
  kind: GroupKind
  name: string
  /** What it lies in, from the top. */
  path: string[]
  /** The event it belongs to: itself, or the nearest above; null when it lies in none that may be seen. */
  eventId: string | null
  startsMs: number
  endsMs: number
  timeZone: string
  audienceTimes: number
  isLive: boolean
  servers: number
  hasClash: boolean
}

export type CalendarEvent = {
  id: string
  name: string
  timeZone: string
  isLive: boolean
  nextMs: number | null
  matches: number
}

export type Calendar = {
  items: CalendarItem[]
  /** All events, also those without a time. */
  events: CalendarEvent[]
}

const ITEMS_MAX = 2_000

/** What is on air when, of all that the reader may see, by start. */
export async function listCalendar({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Calendar> {
  const reach = requirePermission(ctx, 'group.read')
  const { fromMs, toMs } = parseInput(Input, input)
  const nowMs = clockOf(ctx).now()
  const { within, all } = await inTenant(ctx, async (tx) => ({
    within: await groupsWithin(tx, reach),
    all: await readSchedule(ctx, tx),
  }))
  const reached = within && new Set(within)
  const seen = reached ? all.filter(({ id }) => reached.has(id)) : all
  const tree = toTree(all)
  const given: Given = {
    tree,
    seen,
    seenTree: toTree(seen),
    live: liveGroups(tree, nowMs),
    clashing: new Set(clashesOf(seen).map(({ groupId }) => groupId)),
    members: nodesByGroup(seen),
  }
  const items = seen
    .filter(({ windows }) => windows.some(({ startsMs, endsMs }) => endsMs > fromMs && startsMs < toMs))
    .flatMap((group) => itemsOf(group, given))
    .filter(({ startsMs, endsMs }) => endsMs > fromMs && startsMs < toMs)
    .sort((left, right) => left.startsMs - right.startsMs || left.path.length - right.path.length)
  return {
    items: items.slice(0, ITEMS_MAX),
    events: seen.filter(({ kind }) => kind === 'event').map((event) => toEvent(event, given, nowMs)),
  }
}

type Given = {
  tree: Tree
  seen: readonly ScheduledGroup[]
  seenTree: Tree
  live: ReadonlySet<string>
  clashing: ReadonlySet<string>
  members: ReadonlyMap<string, ReadonlySet<string>>
}

function itemsOf(group: ScheduledGroup, { tree, seenTree, live, clashing, members }: Given): CalendarItem[] {
  const above = upwards(seenTree, group.id)
  const shared = {
    groupId: group.id,
    kind: group.kind,
    name: group.name,
    path: above
      .slice(1)
      .map(({ name }) => name)
      .reverse(),
    eventId: above.find(({ kind }) => kind === 'event')?.id ?? null,
    timeZone: zoneOf(tree, group.id),
    audienceTimes: audienceOf(tree, group.id),
    isLive: live.has(group.id),
    servers: members.get(group.id)?.size ?? 0,
    hasClash: clashing.has(group.id),
  }
  return group.windows.map(({ startsMs, endsMs }) => ({ ...shared, startsMs, endsMs }))
}

function toEvent(event: ScheduledGroup, { tree, seen, seenTree, live }: Given, nowMs: number): CalendarEvent {
  const inIt = seen.filter(({ id }) => upwards(seenTree, id).some((above) => above.id === event.id))
  const coming = inIt.flatMap(({ windows }) =>
    windows.filter(({ endsMs }) => endsMs > nowMs).map(({ startsMs }) => startsMs),
  )
  return {
    id: event.id,
    name: event.name,
    timeZone: zoneOf(tree, event.id),
    isLive: live.has(event.id),
    nextMs: coming.length === 0 ? null : Math.min(...coming),
    matches: inIt.filter(({ kind }) => kind === 'match').length,
  }
}
