'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import type { EventCalendarView, EventView } from '@/server/trpc/event-view'
import type { EventProps } from './event-page'
import { ImportDialog } from './import-dialog'

type Props = EventProps & { view: EventView; nowMs: number }

/** Calendars that matches come from, each with when it was last good and what keeps it from being so. */
export function Calendars({ view, nowMs, ...shared }: Props) {
  const { mayUpdate } = shared
  const [opened, setOpened] = useState<EventCalendarView | 'new' | null>(null)
  return (
    <Section title="Calendars" aside="ICS from a file, or from an address that is asked again">
      {view.calendars.length === 0 ? (
        <p className="text-soft">
          No calendar is imported. One brings its matches with their times, and follows what the league moves or
          cancels; what you change by hand stays.
        </p>
      ) : (
        <ul className="flex flex-col">
          {view.calendars.map((calendar) => (
            <CalendarRow
              key={calendar.id}
              {...shared}
              view={view}
              calendar={calendar}
              onOpen={() => setOpened(calendar)}
            />
          ))}
        </ul>
      )}
      {mayUpdate ? (
        <div>
          <Button onClick={() => setOpened('new')}>Import a calendar</Button>
        </div>
      ) : null}
      {opened === null ? null : (
        <ImportDialog
          {...shared}
          view={view}
          calendar={opened === 'new' ? null : opened}
          nowMs={nowMs}
          onClose={() => setOpened(null)}
        />
      )}
    </Section>
  )
}

type RowProps = EventProps & { view: EventView; calendar: EventCalendarView; onOpen: () => void }

function CalendarRow({ workspace, mayUpdate, view, calendar, onOpen }: RowProps) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const toast = useToast()
  const [isRemoving, setIsRemoving] = useState(false)
  const settled = () =>
    queries.invalidateQueries({ queryKey: trpc.events.get.queryKey({ workspace, id: view.event.id }) })
  const refresh = useMutation(
    trpc.events.refreshCalendar.mutationOptions({
      onSuccess: async ({ isGood }) => {
        await settled()
        if (isGood)
          toast({ title: `${calendar.name} is up to date`, text: 'What changed in it is in the list of matches.' })
      },
    }),
  )
  const remove = useMutation(trpc.events.removeCalendar.mutationOptions({ onSuccess: settled }))
  const isBusy = refresh.isPending || remove.isPending
  const { id, name, host, matches } = calendar
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2 last:border-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="min-w-0">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>{' '}
          <span className="text-sm text-faint">
            {host ?? 'from a file'}, {matches} {matches === 1 ? 'match' : 'matches'}
          </span>
        </span>
        {mayUpdate ? (
          <span className="flex flex-wrap gap-1">
            {host === null ? null : (
              <Button
                kind="quiet"
                className="-my-1"
                disabled={isBusy}
                onClick={() => refresh.mutate({ workspace, id })}
              >
                {refresh.isPending ? 'Refreshing' : 'Refresh now'}
                <span className="sr-only"> {name}</span>
              </Button>
            )}
            <Button kind="quiet" className="-my-1" disabled={isBusy} onClick={onOpen}>
              {host === null ? 'Import anew' : 'Servers'}
              <span className="sr-only"> of {name}</span>
            </Button>
            <Button kind="quiet" className="-my-1" disabled={isBusy} onClick={() => setIsRemoving(true)}>
              Remove<span className="sr-only"> {name}</span>
            </Button>
          </span>
        ) : null}
      </div>
      <State calendar={calendar} />
      {isRemoving ? (
        <p className="flex flex-wrap items-center gap-2">
          <span className="text-soft">Remove the calendar?</span>
          <Button disabled={isBusy} onClick={() => remove.mutate({ workspace, id, withMatches: false })}>
            Keep its matches
          </Button>
          <Button disabled={isBusy} onClick={() => remove.mutate({ workspace, id, withMatches: true })}>
            Archive those to come
          </Button>
          <Button kind="quiet" onClick={() => setIsRemoving(false)}>
            No
          </Button>
        </p>
      ) : null}
      <p role="alert" className="text-attack empty:hidden">
        {refresh.error?.message ?? remove.error?.message}
      </p>
    </li>
  )
}

function State({ calendar: { error, refreshedMs, attemptedMs, nextMs, failures } }: { calendar: EventCalendarView }) {
  if (error !== null)
    return (
      <p className="text-sm text-attack">
        Not refreshed{failures > 1 ? ` for ${failures} tries` : ''}
        {attemptedMs === null ? '' : ', last '}
        {attemptedMs === null ? null : <Time atMs={attemptedMs} form="auto" />}: {error}{' '}
        <span className="text-soft">
          What was good {refreshedMs === null ? 'before' : <Time atMs={refreshedMs} form="today" />} stays
          {nextMs === null ? '.' : '; tried again '}
          {nextMs === null ? null : <Time atMs={nextMs} form="today" />}
          {nextMs === null ? '' : '.'}
        </span>
      </p>
    )
  if (refreshedMs === null) return <p className="text-sm text-faint">Not read yet.</p>
  return (
    <p className="text-sm text-faint">
      Good <Time atMs={refreshedMs} form="auto" />
      {nextMs === null ? '.' : ', asked every ten minutes.'}
    </p>
  )
}
