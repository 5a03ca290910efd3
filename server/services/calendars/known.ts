import type { Tx } from '../../db/pool'
import type { Ctx } from '../context'
import { readSchedule } from '../schedule/read'
import { nodesByGroup, type ScheduledGroup, toTree, zoneOf } from '../schedule/schedule'
import type { IcsCalendar } from './parse-ics'
import { type KnownEntry, type Plan, planImport } from './plan'
import { createServerFinder, type Fleet, type ServerRule } from './servers'

type Given = {
  calendar: IcsCalendar
  /** Event or stage that its matches lie in. */
  groupId: string
  /** Null: it was never imported. */
  calendarId: string | null
  rules: readonly ServerRule[]
  nowMs: number
}

/** Compares what a calendar says with what stands, in the transaction that may then apply it. */
export async function planFor(tx: Tx, ctx: Ctx, given: Given): Promise<Plan> {
  const { workspaceId } = ctx
  const { calendar, groupId, calendarId, rules, nowMs } = given
  const groups = await readSchedule(ctx, tx)
  const known = calendarId === null ? [] : await readKnown(tx, workspaceId, calendarId, groups)
  const own = new Set(known.map((entry) => entry.groupId))
  const fleet = await readFleet(tx, workspaceId, groups)
  const beside = groups.filter((group) => group.parentId === groupId && group.kind === 'match' && !own.has(group.id))
  return planImport({
    calendar,
    known,
    takenNames: beside.map(({ name }) => name),
    serversOf: createServerFinder(rules, fleet),
    dayOf: dayFormat(zoneOf(toTree(groups), groupId)),
    nowMs,
  })
}

export async function readFleet(tx: Tx, workspaceId: string, groups: readonly ScheduledGroup[]): Promise<Fleet> {
  const nodes = await tx.node.findMany({ where: { workspaceId, archivedAt: null }, select: { id: true, name: true } })
  const members = nodesByGroup(groups)
  return {
    nodes,
    groups: groups.map(({ id, name, kind }) => ({ id, name, kind, nodeIds: members.get(id) ?? new Set<string>() })),
  }
}

async function readKnown(
  tx: Tx,
  workspaceId: string,
  calendarId: string,
  groups: readonly ScheduledGroup[],
): Promise<KnownEntry[]> {
  const tree = toTree(groups)
  const rows = await tx.calendarEntry.findMany({ where: { workspaceId, calendarId } })
  return rows.map(({ startsAt, endsAt, state, ...row }) => {
    const match = tree.get(row.groupId)
    const span = { startsMs: startsAt.getTime(), endsMs: endsAt.getTime() }
    return {
      ...row,
      ...span,
      state: state as KnownEntry['state'],
      // Of a match that is put away nothing was changed by hand since.
      match: match
        ? { name: match.name, windows: match.windows, nodeIds: match.nodeIds, isArchived: false }
        : { name: row.name, windows: [span], nodeIds: row.nodeIds, isArchived: true },
    }
  })
}

/** “3 May, 18:00” as the event's own clock shows it. */
function dayFormat(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (ms) => format.format(ms)
}
