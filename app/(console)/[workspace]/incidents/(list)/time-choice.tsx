'use client'
import { useState } from 'react'
import { dayAfter, localDay, startOfDay } from '@/app/_lib/days'
import { type IncidentFilter, SPANS } from '@/app/_lib/incident-filter'
import { Choice } from './choice'

type Props = { filter: IncidentFilter; onNarrow: (part: IncidentFilter) => void }

const BETWEEN = 'between'

const OPTIONS = {
  ...Object.fromEntries(SPANS.map((days) => [String(days), days === 1 ? 'Last 24 hours' : `Last ${days} days`])),
  [BETWEEN]: 'Between two days',
}

/** A span up to now, or whole days of the reader's zone. */
export function TimeChoice({ filter: { days, fromMs, toMs }, onNarrow }: Props) {
  const isSet = fromMs !== undefined || toMs !== undefined
  const [isOpen, setOpen] = useState(isSet)
  const isBetween = isSet || isOpen
  const choose = (value: string) => {
    setOpen(value === BETWEEN)
    onNarrow({ days: Number(value) || undefined, fromMs: undefined, toMs: undefined })
  }
  return (
    <>
      <Choice
        label="Time"
        any="Any time"
        value={isBetween ? BETWEEN : days ? String(days) : ''}
        options={OPTIONS}
        onChange={choose}
      />
      {isBetween ? (
        <>
          <Day label="From day" value={fromMs} onChange={(ms) => onNarrow({ fromMs: ms, days: undefined })} />
          <Day
            label="Up to and with day"
            value={toMs === undefined ? undefined : toMs - 1}
            onChange={(ms) => onNarrow({ toMs: ms === undefined ? undefined : dayAfter(ms), days: undefined })}
          />
        </>
      ) : null}
    </>
  )
}

type DayProps = { label: string; value: number | undefined; onChange: (ms: number | undefined) => void }

function Day({ label, value, onChange }: DayProps) {
  return (
    <input
      type="date"
      aria-label={label}
      value={value === undefined ? '' : localDay(value)}
      onChange={({ target }) => onChange(target.value === '' ? undefined : startOfDay(target.value))}
      className="h-9 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 md:w-36"
    />
  )
}
