'use client'
import Link from 'next/link'
import { useRef, useState } from 'react'
import { addDays, addMonths, weeksOf } from '@/app/_lib/month'
import { clockOf, dayOf, dayWords } from '@/app/_lib/zones'
import type { CalendarView } from '@/server/trpc/event-view'
import { itemPath } from '../_event/item-link'

type Item = CalendarView['items'][number]
type Props = {
  workspace: string
  items: readonly Item[]
  month: string
  zone: string
  today: string
  onMonth: (month: string) => void
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const SHOWN = 3

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** A month of days; arrow keys walk through it, and what the chosen day holds stands whole below. */
export function Month({ workspace, items, month, zone, today, onMonth }: Props) {
  const [chosen, setChosen] = useState(today.startsWith(month) ? today : `${month}-01`)
  const day = chosen.startsWith(month) ? chosen : `${month}-01`
  const host = useRef<HTMLTableElement>(null)
  const byDay = new Map<string, Item[]>()
  for (const item of items) for (const on of daysOf(item, zone)) byDay.set(on, [...(byDay.get(on) ?? []), item])

  const choose = (next: string) => {
    setChosen(next)
    if (!next.startsWith(month)) onMonth(next.slice(0, 7))
    // Only once it is drawn can it be focused.
    requestAnimationFrame(() => host.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus())
  }
  const press = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key]
    const months = event.key === 'PageUp' ? -1 : event.key === 'PageDown' ? 1 : 0
    if (step === undefined && months === 0) return
    event.preventDefault()
    choose(step === undefined ? `${addMonths(month, months)}-01` : addDays(day, step))
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <table ref={host} onKeyDown={press} aria-label="Days" className="w-full table-fixed border-collapse">
        <thead>
          <tr>
            {WEEKDAYS.map((name) => (
              <th key={name} scope="col" className="pb-1 text-sm font-medium text-faint">
                <abbr title={name}>{name.slice(0, 3)}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((one) => (
                <td key={one} className="border border-line p-0 align-top">
                  <DayCell
                    day={one}
                    items={byDay.get(one) ?? []}
                    zone={zone}
                    isChosen={one === day}
                    isToday={one === today}
                    isOutside={!one.startsWith(month)}
                    onChoose={() => choose(one)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <DayList workspace={workspace} day={day} items={byDay.get(day) ?? []} zone={zone} />
    </div>
  )
}

const DAYS_MAX = 62

function daysOf({ startsMs, endsMs }: Item, zone: string): string[] {
  const last = dayOf(Math.max(startsMs, endsMs - 1), zone)
  const days: string[] = []
  for (let at = dayOf(startsMs, zone); at <= last && days.length < DAYS_MAX; at = addDays(at, 1)) days.push(at)
  return days
}

type CellProps = {
  day: string
  items: Item[]
  zone: string
  isChosen: boolean
  isToday: boolean
  isOutside: boolean
  onChoose: () => void
}

function DayCell({ day, items, zone, isChosen, isToday, isOutside, onChoose }: CellProps) {
  const shown = items.slice(0, SHOWN)
  return (
    <button
      type="button"
      data-day={day}
      tabIndex={isChosen ? 0 : -1}
      aria-pressed={isChosen}
      aria-current={isToday ? 'date' : undefined}
      onClick={onChoose}
      className={`eased relative flex h-14 w-full flex-col items-stretch gap-0.5 p-1 text-left text-sm hover:bg-hover focus-visible:z-10 aria-pressed:bg-accent-wash sm:h-24 ${isOutside ? 'text-faint' : ''}`}
    >
      <span
        className={`figures self-start rounded-sm px-1 leading-5 ${isToday ? 'bg-accent font-semibold text-accent-ink' : ''}`}
      >
        {Number(day.slice(8))}
      </span>
      <span className="sr-only">
        {dayWords(day)}, {items.length === 0 ? 'nothing on air' : `${items.length} on air`}
      </span>
      {items.length > 0 ? (
        <span aria-hidden="true" className="figures px-1 text-xs text-soft sm:hidden">
          {items.length}
        </span>
      ) : null}
      {shown.map((item) => (
        <span key={`${item.groupId} ${item.startsMs}`} className="hidden truncate px-1 text-xs text-soft sm:block">
          <span className="figures text-faint">
            {dayOf(item.startsMs, zone) === day ? `${clockOf(item.startsMs, zone)} ` : '→ '}
          </span>
          {item.name}
        </span>
      ))}
      {items.length > SHOWN ? (
        <span className="hidden px-1 text-xs text-faint sm:block">and {items.length - SHOWN} more</span>
      ) : null}
    </button>
  )
}

function DayList({
  workspace,
  day,
  items,
  zone,
}: {
  workspace: string
  day: string
  items: readonly Item[]
  zone: string
}) {
  return (
    <section aria-label={dayWords(day)} className="flex flex-col gap-1">
      <h3 className="text-md font-semibold">{dayWords(day)}</h3>
      {items.length === 0 ? <p className="text-faint">Nothing is on air.</p> : null}
      <ul>
        {items.map((item) => (
          <li key={`${item.groupId} ${item.startsMs}`}>
            <Link
              href={itemPath(workspace, item)}
              data-row
              prefetch={false}
              className="eased grid grid-cols-[104px_minmax(0,1fr)] gap-x-2 rounded-sm py-1 hover:bg-hover"
            >
              <span className="figures text-soft">
                {clockOf(item.startsMs, zone)} – {clockOf(item.endsMs, zone)}
              </span>
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="font-medium">{item.name}</span>
                {item.path.length > 0 ? <span className="text-faint"> {item.path.join(' · ')}</span> : null}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
