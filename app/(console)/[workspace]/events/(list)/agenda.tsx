'use client'
import Link from 'next/link'
import { useState } from 'react'
import { addDays } from '@/app/_lib/month'
import { clockOf, dayOf, dayWords, shortMoment } from '@/app/_lib/zones'
import type { CalendarView } from '@/server/trpc/event-view'
import { AirMark } from '../_event/air-mark'
import { itemPath } from '../_event/item-link'

type Item = CalendarView['items'][number]
type Props = { workspace: string; items: readonly Item[]; month: string; zone: string; nowMs: number }

/** Days with what is on air, in order; a line stands where now is. */
export function Agenda({ workspace, items, month, zone, nowMs }: Props) {
  const today = dayOf(nowMs, zone)
  const inMonth = items.filter((item) => dayOf(item.startsMs, zone).startsWith(month))
  const days = new Map<string, Item[]>()
  if (today.startsWith(month)) days.set(today, [])
  for (const item of inMonth) {
    const day = dayOf(item.startsMs, zone)
    days.set(day, [...(days.get(day) ?? []), item])
  }
  const sorted = [...days].sort(([left], [right]) => (left < right ? -1 : 1))
  if (sorted.length === 0) return <p className="py-6 text-soft">Nothing is on air in this month.</p>
  return (
    <ol className="flex flex-col">
      {sorted.map(([day, own]) => (
        <li key={day} className="grid gap-x-6 border-t border-line py-2.5 sm:grid-cols-[148px_minmax(0,1fr)]">
          <h3 className={`pt-1 text-sm leading-5 ${day === today ? 'font-semibold text-accent' : 'text-soft'}`}>
            {day === today ? 'Today, ' : day === addDays(today, 1) ? 'Tomorrow, ' : ''}
            {dayWords(day)}
          </h3>
          <Day workspace={workspace} items={own} isToday={day === today} zone={zone} nowMs={nowMs} />
        </li>
      ))}
    </ol>
  )
}

/** So many of a day stand at once: a calendar of a whole league can have hundreds. */
const SHOWN_MAX = 40

function Day({ workspace, items, isToday, zone, nowMs }: Omit<Props, 'month'> & { isToday: boolean }) {
  const [isWhole, setIsWhole] = useState(false)
  const over = isToday ? items.filter(({ endsMs }) => endsMs <= nowMs).length : 0
  // Of a long day those are shown first that are not over.
  const from = isWhole || items.length <= SHOWN_MAX ? 0 : Math.min(over, items.length - SHOWN_MAX)
  const shown = isWhole ? items : items.slice(from, from + SHOWN_MAX)
  const at = isToday ? shown.filter(({ startsMs }) => startsMs <= nowMs).length : -1
  return (
    <ul className="flex min-w-0 flex-col">
      {shown.map((item, index) => (
        <li key={`${item.groupId} ${item.startsMs}`}>
          {index === at ? <NowLine nowMs={nowMs} zone={zone} /> : null}
          <AgendaRow workspace={workspace} item={item} zone={zone} nowMs={nowMs} />
        </li>
      ))}
      {at === shown.length ? (
        <li>
          <NowLine nowMs={nowMs} zone={zone} />
          {items.length === 0 ? <p className="leading-7 text-faint">Nothing on air today.</p> : null}
        </li>
      ) : null}
      {shown.length < items.length ? (
        <li>
          <button
            type="button"
            onClick={() => setIsWhole(true)}
            className="leading-7 text-soft underline underline-offset-2"
          >
            Show all {items.length} of this day
          </button>
        </li>
      ) : null}
    </ul>
  )
}

const NowLine = ({ nowMs, zone }: { nowMs: number; zone: string }) => (
  <div className="flex items-center gap-2 py-0.5 text-sm text-accent" data-part="now">
    <span className="figures w-[104px] font-medium">{clockOf(nowMs, zone)} now</span>
    <span aria-hidden="true" className="h-px flex-1 bg-accent" />
  </div>
)

function AgendaRow({ workspace, item, zone, nowMs }: { workspace: string; item: Item; zone: string; nowMs: number }) {
  const { name, path, startsMs, endsMs, isLive, servers, audienceTimes, hasClash, kind } = item
  const isNow = startsMs <= nowMs && nowMs < endsMs
  const isOver = endsMs <= nowMs
  const isLong = dayOf(startsMs, zone) !== dayOf(endsMs, zone)
  return (
    <Link
      href={itemPath(workspace, item)}
      data-row
      prefetch={false}
      className={`eased grid min-h-7 grid-cols-[104px_minmax(0,1fr)] items-baseline gap-x-2 rounded-sm py-1 hover:bg-hover ${isOver ? 'text-faint' : ''}`}
    >
      <span className="figures whitespace-nowrap">
        {clockOf(startsMs, zone)} – {clockOf(endsMs, zone)}
      </span>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <span className={isOver ? '' : 'font-medium'}>{name}</span>
          {path.length > 0 ? <span className="ml-2 text-faint">{path.join(' · ')}</span> : null}
        </span>
        {isLong ? <span className="figures text-sm text-faint">until {shortMoment(endsMs, zone)}</span> : null}
        {isNow && isLive ? <AirMark isLive size="sm" /> : null}
        {audienceTimes > 1 ? <span className="figures text-sm text-faint">{audienceTimes}× audience</span> : null}
        {kind === 'match' && servers === 0 && !isOver ? (
          <span className="text-sm text-watching">no servers</span>
        ) : null}
        {hasClash && !isOver ? <span className="text-sm text-watching">two matches on one server</span> : null}
      </span>
    </Link>
  )
}
