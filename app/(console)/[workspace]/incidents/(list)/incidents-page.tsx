'use client'
import { Download } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { type IncidentQuery, isNarrowed, readIncidentQuery, writeIncidentQuery } from '@/app/_lib/incident-filter'
import { buttonStyle } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import type { GroupView } from '@/server/trpc/routers/groups'
import { IncidentFilterBar } from './filter-bar'
import { GroupedIncidents } from './grouped'
import { IncidentPages } from './incident-table'
import { type Count, type Loaded, useIncidentCount } from './use-incidents'

type Props = { workspace: string; loaded: Loaded; groups: GroupView[]; hasNodes: boolean }

/** What is going on first, then what was; what is asked for stands in the address. */
export function IncidentsPage({ workspace, loaded, groups, hasNodes }: Props) {
  const pathname = usePathname()
  const query = readIncidentQuery(useSearchParams())
  const count = useIncidentCount(workspace, query, loaded)
  const show = (next: IncidentQuery) => {
    const search = writeIncidentQuery(next)
    // Without a way over the server: the list asks for itself.
    window.history.replaceState(null, '', search === '' ? pathname : `${pathname}?${search}`)
  }
  const isEmpty = !count.isAny
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Incidents"
        context={<LiveNote />}
        action={isEmpty ? undefined : <Export workspace={workspace} query={query} />}
      />
      {isEmpty ? (
        <NoIncidents workspace={workspace} hasNodes={hasNodes} />
      ) : (
        <>
          <IncidentFilterBar query={query} groups={groups} onChange={show} />
          <p role="status" className="text-md text-soft">
            {summary(count, isNarrowed(query.filter))}
          </p>
          {count.open + count.over === 0 ? (
            <NoMatch onClear={() => show({ ...query, filter: {} })} />
          ) : query.view === 'list' ? (
            <IncidentPages workspace={workspace} query={query} loaded={loaded} />
          ) : (
            <GroupedIncidents key={query.view} workspace={workspace} query={query} by={query.view} />
          )}
        </>
      )}
    </div>
  )
}

function Export({ workspace, query }: { workspace: string; query: IncidentQuery }) {
  const search = writeIncidentQuery({ ...query, view: 'list' })
  const href = (format: string) => `/${workspace}/incidents/export?format=${format}${search === '' ? '' : `&${search}`}`
  return (
    <>
      <span className="hidden items-center gap-1.5 text-sm text-faint sm:flex">
        <Download aria-hidden="true" size={14} /> Export what is shown
      </span>
      <a href={href('csv')} download className={buttonStyle()}>
        CSV
      </a>
      <a href={href('json')} download className={buttonStyle()}>
        JSON
      </a>
    </>
  )
}

function NoIncidents({ workspace, hasNodes }: { workspace: string; hasNodes: boolean }) {
  return (
    <EmptyState
      title={hasNodes ? 'Nothing has happened' : 'Incidents appear here by themselves'}
      action={
        hasNodes ? undefined : (
          <Link href={`/${workspace}`} className="font-medium text-accent underline underline-offset-2">
            Add the first node
          </Link>
        )
      }
    >
      <p>
        When a node sees a flood, one line comes up here: what it is, whether it is dropped, and how the players are.
        Rises in audience do not.
      </p>
      {hasNodes ? <p>Your nodes are watching now.</p> : <p>No node is enrolled in this workspace yet.</p>}
    </EmptyState>
  )
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="No incident fits this filter"
      action={
        <button type="button" onClick={onClear} className="font-medium text-accent underline underline-offset-2">
          Show all incidents
        </button>
      }
    >
      <p>Loosen one of its parts. One that begins now and fits shows up by itself.</p>
    </EmptyState>
  )
}

function summary({ open, over }: Count, isFiltered: boolean): string {
  const past = over === 0 ? '' : ` ${over} over.`
  const among = isFiltered ? ' among these' : ''
  if (open === 0) return `No attack is going on${among}.${past}`
  return `${open === 1 ? 'One attack is' : `${open} attacks are`} going on${among}.${past}`
}
