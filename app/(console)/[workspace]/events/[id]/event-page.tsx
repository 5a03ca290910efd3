'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { spanWords, zoneWords } from '@/app/_lib/zones'
import { Button, buttonStyle } from '@/app/_ui/button'
import { PageHeader } from '@/app/_ui/page-header'
import type { Check } from '@/server/services/events/checks'
import type { EventGroupView, EventView } from '@/server/trpc/event-view'
import type { BoardLinkView } from '@/server/trpc/routers/boards'
import type { NamedNode } from '../../groups/groups-page'
import { AirMark } from '../_event/air-mark'
import { useNow } from '../_event/use-now'
import { useOwnZone } from '../_event/use-own-zone'
import { BoardLinks } from './board-links'
import { Calendars } from './calendars'
import { GroupForm } from './group-form'
import { Matches } from './matches'
import { Readiness } from './readiness'

export type EventProps = { workspace: string; nodes: NamedNode[]; mayUpdate: boolean }

type Props = EventProps & {
  loaded: { view: EventView; checks: Check[] | null; links: BoardLinkView[] | null; nowMs: number }
}

/** One event: when it is on air, what is in it and where, whether it is ready, and who may watch. */
export function EventPage({ loaded, ...shared }: Props) {
  const { workspace, mayUpdate } = shared
  const trpc = useTRPC()
  const { id } = loaded.view.event
  const { data: view } = useQuery({
    ...trpc.events.get.queryOptions({ workspace, id }),
    initialData: loaded.view,
    refetchInterval: 30_000,
  })
  const [isEditing, setIsEditing] = useState(false)
  const { event, path } = view
  const nowMs = useNow(loaded.nowMs)
  return (
    <div className="flex w-full flex-col gap-6 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title={event.name}
        context={
          <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <Link href={`/${workspace}/events`} className="underline underline-offset-2">
              Events
            </Link>
            {path.map((above) => (
              <Link key={above.id} href={`/${workspace}/events/${above.id}`} className="underline underline-offset-2">
                {above.name}
              </Link>
            ))}
            <AirMark isLive={event.isLive} />
          </span>
        }
        action={
          <>
            <Link href={`/${workspace}/board/${id}`} target="_blank" prefetch={false} className={buttonStyle('plain')}>
              Open the board
            </Link>
            {mayUpdate ? (
              <Button kind="plain" onClick={() => setIsEditing(!isEditing)} aria-expanded={isEditing}>
                {isEditing ? 'Close' : 'Edit'}
              </Button>
            ) : null}
          </>
        }
      />
      {isEditing ? (
        <GroupForm {...shared} eventId={id} group={event} kind="event" onDone={() => setIsEditing(false)} />
      ) : (
        <Times event={event} nowMs={nowMs} />
      )}
      <Matches {...shared} view={view} nowMs={nowMs} />
      <div className="grid gap-x-10 gap-y-6 xl:grid-cols-2">
        {loaded.checks ? <Readiness workspace={workspace} id={id} loaded={loaded.checks} /> : null}
        <div className="flex min-w-0 flex-col gap-6">
          {mayUpdate || view.calendars.length > 0 ? <Calendars {...shared} view={view} nowMs={nowMs} /> : null}
          {loaded.links ? <BoardLinks workspace={workspace} view={view} loaded={loaded.links} nowMs={nowMs} /> : null}
        </div>
      </div>
    </div>
  )
}

const TIMES_SHOWN = 4

/** When it is on air, in its own zone and, where that is another, the reader's. */
function Times({ event, nowMs }: { event: EventGroupView; nowMs: number }) {
  const { windows, zone, audience } = event
  const ownZone = useOwnZone()
  const coming = windows.filter(({ endsMs }) => endsMs > nowMs)
  const shown = (coming.length > 0 ? coming : windows.slice(-1)).slice(0, TIMES_SHOWN)
  const more = coming.length - shown.length
  return (
    <dl className="grid gap-x-10 gap-y-3 sm:grid-cols-[auto_auto_1fr]">
      <div>
        <dt className="text-sm text-faint">On air, {zoneWords(zone)}</dt>
        <dd className="figures">
          {windows.length === 0 ? (
            <span className="text-soft">No time of its own. It is on air while a match in it is.</span>
          ) : (
            <ul>
              {shown.map((window) => (
                <li key={window.startsMs} className={window.endsMs <= nowMs ? 'text-faint' : ''}>
                  <span className="whitespace-nowrap">{spanWords(window, zone)}</span>
                  {zone === ownZone ? null : (
                    <span className="ml-3 text-sm whitespace-nowrap text-faint">
                      {spanWords(window, ownZone)} yours
                    </span>
                  )}
                </li>
              ))}
              {more > 0 ? <li className="text-sm text-faint">and {more} more</li> : null}
            </ul>
          )}
        </dd>
      </div>
      <div>
        <dt className="text-sm text-faint">Expected audience</dt>
        <dd className="figures">{audience > 1 ? `${audience}× usual` : 'as usual'}</dd>
      </div>
      <div>
        <dt className="text-sm text-faint">Servers</dt>
        <dd className="figures">{event.servers}</dd>
      </div>
    </dl>
  )
}
