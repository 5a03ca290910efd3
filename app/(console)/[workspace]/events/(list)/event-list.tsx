import Link from 'next/link'
import { compareNames } from '@/app/_lib/compare-names'
import { shortMoment } from '@/app/_lib/zones'
import type { CalendarView } from '@/server/trpc/event-view'
import { AirMark } from '../_event/air-mark'

type Props = { workspace: string; events: CalendarView['events']; zone: string }

/** All events, the next first, those without a time last. */
export function EventList({ workspace, events, zone }: Props) {
  const sorted = [...events].sort(
    (left, right) =>
      Number(right.isLive) - Number(left.isLive) ||
      (left.nextMs ?? Number.MAX_SAFE_INTEGER) - (right.nextMs ?? Number.MAX_SAFE_INTEGER) ||
      compareNames(left.name, right.name),
  )
  return (
    <section aria-label="All events" className="order-first flex min-w-0 flex-col gap-2 xl:order-last">
      <h2 className="text-md font-semibold">All events</h2>
      {sorted.length === 0 ? (
        <p className="text-soft">You were given matches of an event, not an event itself.</p>
      ) : (
        <ul className="flex max-h-72 flex-col overflow-y-auto xl:max-h-none">
          {sorted.map(({ id, name, isLive, nextMs, matches }) => (
            <li key={id} className="border-b border-line last:border-0">
              <Link
                href={`/${workspace}/events/${id}`}
                data-row
                prefetch={false}
                className="eased flex flex-col rounded-sm py-2 hover:bg-hover"
              >
                <span className="flex items-baseline justify-between gap-3">
                  <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{name}</span>
                  <AirMark isLive={isLive} size="sm" />
                </span>
                <span className="figures text-sm text-faint">
                  {nextMs === null ? 'no time to come' : isLive ? 'now' : `next ${shortMoment(nextMs, zone)}`},{' '}
                  {matches} {matches === 1 ? 'match' : 'matches'}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
