'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { dayAfter, localDay, startOfDay } from '@/app/_lib/days'
import { inTreeOrder, KIND_WORDS, pathOf } from '@/app/_lib/group-kinds'
import { EDITION_CHOICES, type Edition, type ReportQuery, writeReportQuery } from '@/app/_lib/report-query'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import type { GroupView } from '@/server/trpc/routers/groups'

type Props = { workspace: string; query: ReportQuery; groups: GroupView[]; editions: Edition[] }

const WEEK_MS = 7 * 86_400_000

/** What a report is about. It is made by going to its address, which can be passed on. */
export function ReportForm({ workspace, query, groups, editions }: Props) {
  const router = useRouter()
  const [groupId, setGroupId] = useState(query.groupId ?? '')
  const [edition, setEdition] = useState(query.edition)
  // Days are the reader's, whom the server does not know.
  const [days, setDays] = useState({ from: '', to: '' })
  const { fromMs, toMs } = query
  useEffect(() => {
    const nowMs = Date.now()
    setDays({ from: localDay(fromMs ?? nowMs - WEEK_MS), to: localDay(toMs === undefined ? nowMs : toMs - 1) })
  }, [fromMs, toMs])
  const from = startOfDay(days.from)
  const last = startOfDay(days.to)
  const isTurned = from !== undefined && last !== undefined && last < from
  const make = () => {
    if (from === undefined || last === undefined || isTurned) return
    const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions()
    const asked = { edition, zone, groupId: groupId || undefined, fromMs: from, toMs: dayAfter(last) }
    router.push(`/${workspace}/reports?${writeReportQuery(asked)}`)
  }
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <div className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[minmax(0,1.4fr)_repeat(3,minmax(0,1fr))_auto]">
        <Field label="About">
          <select value={groupId} onChange={(event) => setGroupId(event.target.value)} className={INPUT}>
            <option value="">Everything you may see</option>
            {inTreeOrder(groups).map(({ id, kind }) => (
              <option key={id} value={id}>
                {KIND_WORDS[kind]}: {pathOf(groups, id)}
              </option>
            ))}
          </select>
        </Field>
        <Field label="From">
          <input
            type="date"
            required
            value={days.from}
            onChange={(event) => setDays({ ...days, from: event.target.value })}
            className={INPUT}
          />
        </Field>
        <Field label="Up to and with">
          <input
            type="date"
            required
            value={days.to}
            onChange={(event) => setDays({ ...days, to: event.target.value })}
            className={INPUT}
          />
        </Field>
        <Field label="For">
          <select value={edition} onChange={(event) => setEdition(event.target.value as Edition)} className={INPUT}>
            {editions.map((one) => (
              <option key={one} value={one}>
                {EDITION_CHOICES[one].name}
              </option>
            ))}
          </select>
        </Field>
        <Button kind="primary" type="submit" className="h-9">
          Make the report
        </Button>
      </div>
      <p role="status" className={isTurned ? 'text-attack' : 'text-sm text-faint'}>
        {isTurned ? 'The last day lies before the first: turn them round.' : EDITION_CHOICES[edition].says}
      </p>
    </form>
  )
}
