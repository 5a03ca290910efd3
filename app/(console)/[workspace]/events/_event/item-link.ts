import type { CalendarView } from '@/server/trpc/event-view'

type Item = CalendarView['items'][number]

/** Where an entry of the calendar leads: a match to its own page, what holds matches to that of the event. */
export const itemPath = (workspace: string, { kind, groupId }: Pick<Item, 'kind' | 'groupId'>): string =>
  `/${workspace}/${kind === 'match' ? 'matches' : 'events'}/${groupId}`
