'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { addMonths, monthWords, rangeOf } from '@/app/_lib/month'
import { useShortcut } from '@/app/_lib/shortcuts'
import { useTRPC } from '@/app/_lib/trpc'
import { dayOf, zoneWords } from '@/app/_lib/zones'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { Segments } from '@/app/_ui/segments'
import type { CalendarView } from '@/server/trpc/event-view'
import { useNow } from '../_event/use-now'
import { useOwnZone } from '../_event/use-own-zone'
import { Agenda } from './agenda'
import { EventDialog } from './event-dialog'
import { EventList } from './event-list'
import { Month } from './month'

type Props = {
  workspace: string
  loaded: { month: string; calendar: CalendarView; nowMs: number }
  mayUpdate: boolean
}

type View = 'agenda' | 'month'

/** What is on air when: events with their stages and matches, as a list of days or a month. */
export function EventsPage({ workspace, loaded, mayUpdate }: Props) {
  const trpc = useTRPC()
  const [month, setMonth] = useState(loaded.month)
  const [view, setView] = useState<View>('agenda')
  const [isAdding, setIsAdding] = useState(false)
  const ownZone = useOwnZone()
  const [chosenZone, setZone] = useState<string | null>(null)
  const zone = chosenZone ?? ownZone
  const nowMs = useNow(loaded.nowMs)
  const { data, isFetching } = useQuery({
    ...trpc.events.calendar.queryOptions({ workspace, ...rangeOf(month) }),
    initialData: month === loaded.month ? loaded.calendar : undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
  const { items, events } = data ?? loaded.calendar
  const zones = [...new Set([ownZone, 'UTC', ...events.map(({ timeZone }) => timeZone)])]
  const today = dayOf(nowMs, zone)
  const move = (months: number) => setMonth((before) => addMonths(before, months))
  useShortcut('p', 'Month before', () => move(-1))
  useShortcut('n', 'Next month', () => move(1))
  useShortcut('t', 'Today', () => setMonth(today.slice(0, 7)))
  useShortcut('a', 'Agenda', () => setView('agenda'))
  useShortcut('m', 'Month', () => setView('month'))
  useShortcut('c', 'Add an event', mayUpdate ? () => setIsAdding(true) : null)
  const add = (
    <Button kind="primary" onClick={() => setIsAdding(true)}>
      Add an event
    </Button>
  )
  const hasAny = events.length > 0 || items.length > 0
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Events"
        context="When you are on air. Nodes expect the audience that comes, boards and alerts follow."
        action={mayUpdate && hasAny ? add : undefined}
      />
      {hasAny ? (
        <div className="grid gap-x-10 gap-y-6 xl:grid-cols-[minmax(0,1fr)_300px]">
          <section aria-label="Calendar" aria-busy={isFetching} className="flex min-w-0 flex-col gap-4 xl:order-first">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <div className="flex items-center gap-1">
                <Button kind="quiet" aria-label="Month before" className="!px-2" onClick={() => move(-1)}>
                  <ChevronLeft aria-hidden="true" size={16} />
                </Button>
                <Button kind="quiet" aria-label="Next month" className="!px-2" onClick={() => move(1)}>
                  <ChevronRight aria-hidden="true" size={16} />
                </Button>
                <Button kind="plain" onClick={() => setMonth(today.slice(0, 7))} disabled={month === today.slice(0, 7)}>
                  Today
                </Button>
              </div>
              <h2 className="min-w-36 flex-1 text-lg font-semibold">{monthWords(month)}</h2>
              <label className="flex items-center gap-2 text-sm text-soft">
                Times in
                <select
                  value={zone}
                  onChange={(event) => setZone(event.target.value)}
                  className="h-7 max-w-44 rounded-md border border-line bg-surface px-1.5 text-ink"
                >
                  {zones.map((one) => (
                    <option key={one} value={one}>
                      {zoneWords(one)}
                      {one === ownZone ? ' (yours)' : ''}
                    </option>
                  ))}
                </select>
              </label>
              <Segments
                label="View"
                options={[
                  { value: 'agenda', words: 'Agenda' },
                  { value: 'month', words: 'Month' },
                ]}
                value={view}
                onChange={(value) => setView(value as View)}
              />
            </div>
            {view === 'agenda' ? (
              <Agenda workspace={workspace} items={items} month={month} zone={zone} nowMs={nowMs} />
            ) : (
              <Month workspace={workspace} items={items} month={month} zone={zone} today={today} onMonth={setMonth} />
            )}
          </section>
          <EventList workspace={workspace} events={events} zone={zone} />
        </div>
      ) : (
        <EmptyState title="No events yet" action={mayUpdate ? add : undefined}>
          <p>
            An event holds stages and matches, each with its servers and its times on air. Add one, then enter its
            matches or import them from a calendar (ICS), once or from an address that is asked again and again.
          </p>
          <p>While an event is on air its nodes expect the larger audience, and its board shows every match.</p>
        </EmptyState>
      )}
      {isAdding ? <EventDialog workspace={workspace} ownZone={ownZone} onClose={() => setIsAdding(false)} /> : null}
    </div>
  )
}
