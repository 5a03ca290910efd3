'use client'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { useSteady } from '@/app/_lib/use-steady'
import { Button, buttonStyle } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import type { AuditEntryView } from '@/server/trpc/routers/audit'
import { AuditFilter, type Person } from './audit-filter'
import { AuditRows } from './audit-rows'
import { type AuditDraft, EVERYTHING, queryOf, searchOf } from './filter'

type Log = { entries: AuditEntryView[]; names: Record<string, string>; nextCursor: number | null }
type Props = { workspace: string; newest: Log; people: Person[] }

/** The log, narrowed as one types; older rows come when they are asked for. */
export function AuditPage({ workspace, newest, people }: Props) {
  const [draft, setDraft] = useState<AuditDraft>(EVERYTHING)
  const steady = useSteady(draft, 250)
  const log = useLog(workspace, steady, newest)
  const pages = log.data?.pages ?? []
  const entries = pages.flatMap((page) => page.entries)
  const names = Object.assign({}, ...pages.map((page) => page.names)) as Record<string, string>
  const exportTo = (format: 'csv' | 'jsonl') => `/${workspace}/settings/audit/export?${searchOf(draft, format)}`
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <AuditFilter draft={draft} people={people} onChange={setDraft} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-soft">
          {log.isFetching && !log.isFetchingNextPage ? 'Looking…' : countWords(entries.length, log.hasNextPage)}
        </p>
        <div className="flex gap-2">
          <a href={exportTo('csv')} download className={buttonStyle()}>
            Export CSV
          </a>
          <a href={exportTo('jsonl')} download className={buttonStyle()}>
            Export JSON lines
          </a>
        </div>
      </div>
      {log.error ? (
        <p role="alert" className="text-attack">
          {log.error.message}
        </p>
      ) : null}
      {entries.length === 0 && !log.isFetching ? (
        <NoRows isNarrowed={draft !== EVERYTHING} onClear={() => setDraft(EVERYTHING)} />
      ) : (
        <AuditRows entries={entries} names={names} />
      )}
      {log.hasNextPage ? (
        <div>
          <Button onClick={() => void log.fetchNextPage()} disabled={log.isFetchingNextPage}>
            Show older rows
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function useLog(workspace: string, draft: AuditDraft, newest: Log) {
  const trpc = useTRPC()
  const isWhole = Object.values(draft).every((value) => value === '')
  return useInfiniteQuery({
    ...trpc.audit.list.infiniteQueryOptions(
      { workspace, ...queryOf(draft) },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    initialData: isWhole ? { pages: [newest], pageParams: [null] } : undefined,
    placeholderData: keepPreviousData,
    // Older pages would all be read again with it.
    refetchOnWindowFocus: false,
  })
}

const countWords = (count: number, hasMore: boolean): string => {
  if (hasMore) return `The newest ${count.toLocaleString('en-GB')} rows that fit.`
  return count === 1 ? 'One row.' : `${count.toLocaleString('en-GB')} rows, all that fit.`
}

function NoRows({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  if (isNarrowed) {
    return (
      <EmptyState title="Nothing fits" action={<Button onClick={onClear}>Show everything</Button>}>
        <p>No row of the log has all of this. Take something out of the search, or widen the days.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState title="Nothing was done yet">
      <p>Every change of this workspace leaves a row here: who, what, when, and what it was before.</p>
    </EmptyState>
  )
}
