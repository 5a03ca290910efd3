import { formatId } from '../core/ids'
import type { Preview } from '../services/calendars/preview'
import { ServerRules } from '../services/calendars/servers'
import type { EventCalendar, EventDetail, EventGroup } from '../services/events/get'
import type { Calendar } from '../services/events/list-calendar'
import type { MatchDetail } from '../services/matches/get'
import type { Clash } from '../services/schedule/schedule'

const grp = (id: string): string => formatId('grp', id)
const nd = (id: string): string => formatId('nd', id)

export type CalendarView = ReturnType<typeof toCalendar>
export const toCalendar = ({ items, events }: Calendar) => ({
  items: items.map((item) => ({ ...item, groupId: grp(item.groupId), eventId: item.eventId && grp(item.eventId) })),
  events: events.map((event) => ({ ...event, id: grp(event.id) })),
})

const toClash = ({ groupId: _, withId, nodeId, ...span }: Clash) => ({
  ...span,
  withId: grp(withId),
  nodeId: nd(nodeId),
})

export type EventGroupView = ReturnType<typeof toGroup>
const toGroup = ({ id, parentId, nodeIds, clashes, imported, ...group }: EventGroup) => ({
  ...group,
  id: grp(id),
  parentId: parentId && grp(parentId),
  nodeIds: nodeIds.map(nd),
  clashes: clashes.map(toClash),
  imported: imported && {
    ...imported,
    calendarId: formatId('cal', imported.calendarId),
    nodeIds: imported.nodeIds.map(nd),
  },
})

export type EventCalendarView = ReturnType<typeof toEventCalendar>
const toEventCalendar = ({ id, groupId, rules, refreshedAt, attemptedAt, nextAt, ...calendar }: EventCalendar) => ({
  ...calendar,
  id: formatId('cal', id),
  groupId: grp(groupId),
  rules: toRules(rules),
  refreshedMs: refreshedAt?.getTime() ?? null,
  attemptedMs: attemptedAt?.getTime() ?? null,
  nextMs: nextAt?.getTime() ?? null,
})

const toRules = (stored: unknown) =>
  ServerRules.parse(stored).map(({ target: { kind, id }, ...rule }) => ({
    ...rule,
    target: kind === 'node' ? nd(id) : grp(id),
  }))

export type EventView = ReturnType<typeof toEvent>
export const toEvent = ({ event, path, inside, calendars, names }: EventDetail) => ({
  event: toGroup(event),
  path: path.map(({ id, name }) => ({ id: grp(id), name })),
  inside: inside.map(toGroup),
  calendars: calendars.map(toEventCalendar),
  names: Object.fromEntries(Object.entries(names).map(([id, name]) => [grp(id), name])),
})

export type MatchView = ReturnType<typeof toMatch>
export const toMatch = ({ id, path, nodeIds, clashes, names, ...match }: MatchDetail) => ({
  ...match,
  id: grp(id),
  path: path.map((above) => ({ ...above, id: grp(above.id) })),
  nodeIds: nodeIds?.map(nd) ?? null,
  clashes: clashes.map(toClash),
  names: Object.fromEntries(Object.entries(names).map(([other, name]) => [grp(other), name])),
})

export type PreviewView = ReturnType<typeof toPreview>
export const toPreview = ({ changes, ...preview }: Preview) => ({
  ...preview,
  changes: changes.map(({ known, uid, recurrence, nodeIds, ...change }) => ({
    ...change,
    key: `${uid} ${recurrence}`,
    nodeIds: nodeIds.map(nd),
    before: known && {
      name: known.match.name,
      window: known.match.windows[0] ?? null,
      nodeIds: known.match.nodeIds.map(nd),
    },
  })),
})
