'use client'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { packetRate } from '@/app/_lib/figures'
import type { IncidentFilter, IncidentQuery, IncidentView } from '@/app/_lib/incident-filter'
import { Time } from '@/app/_ui/time'
import { VECTORS } from '@/wire/vectors'
import { IncidentPages, NotLoaded, TableSkeleton } from './incident-table'
import { type IncidentGroup, useIncidentGroups } from './use-incidents'

type Grouping = Exclude<IncidentView, 'list'>
type Props = { workspace: string; query: IncidentQuery; by: Grouping }

/** Incidents that belong together under one line, which unfolds. */
export function GroupedIncidents({ workspace, query, by }: Props) {
  const { data: groups, error, isPlaceholderData, refetch } = useIncidentGroups(workspace, query, by)
  if (!groups) return error ? <NotLoaded message={error.message} onRetry={() => void refetch()} /> : <TableSkeleton />
  return (
    <ul aria-busy={isPlaceholderData} className={`flex flex-col ${isPlaceholderData ? 'opacity-60' : ''}`}>
      {groups.map((group, index) => (
        <Group key={keyOf(group)} workspace={workspace} query={query} by={by} group={group} isFirst={index === 0} />
      ))}
    </ul>
  )
}

/** A campaign has no name of its own: it is known by when it began. */
const keyOf = ({ key, name, firstMs }: IncidentGroup): string =>
  name === null && key !== null ? `${firstMs}` : `${key}`

type GroupProps = Props & { group: IncidentGroup; isFirst: boolean }

function Group({ workspace, query, by, group, isFirst }: GroupProps) {
  const [isOpen, setOpen] = useState(isFirst)
  const title = titleOf(by, group)
  return (
    <li className="flex flex-col border-b border-line">
      <button
        type="button"
        data-row
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="eased -mx-2 grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2 rounded-md px-2 py-2.5 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden="true"
          size={14}
          className={`eased mt-[3px] text-faint ${isOpen ? 'rotate-90' : ''}`}
        />
        <span className="flex min-w-0 flex-col gap-0.5">
          <span className="font-medium [overflow-wrap:anywhere]">{title}</span>
          <span className="text-sm text-soft [overflow-wrap:anywhere]">{subtitleOf(by, group)}</span>
        </span>
        <span className="flex flex-col items-end gap-0.5">
          {group.open > 0 ? <span className="figures font-medium whitespace-nowrap">{group.open} going on</span> : null}
          <span className="figures text-sm whitespace-nowrap text-soft">
            {group.incidents === 1 ? 'one incident' : `${group.incidents} incidents`}
          </span>
          {by === 'day' ? null : (
            <span className="text-sm text-faint">
              <Time atMs={group.lastMs} form="auto" />
            </span>
          )}
        </span>
      </button>
      {isOpen ? (
        <div className="pb-4 md:pl-6">
          <IncidentPages
            workspace={workspace}
            query={{ sort: query.sort, filter: { ...query.filter, ...within(by, group) } }}
            loaded={null}
            label={`Incidents: ${title}`}
          />
        </div>
      ) : null}
    </li>
  )
}

/** What narrows the list to one group. */
function within(by: Grouping, { key, firstMs, lastMs }: IncidentGroup): IncidentFilter {
  if (by === 'node') return { nodeId: key ?? undefined }
  if (by === 'group') return key === null ? { isGroupless: true, groupId: undefined } : { groupId: key }
  return { fromMs: Math.floor(firstMs), toMs: Math.floor(lastMs) + 1, days: undefined }
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })
const NAMES_SHOWN = 3

function titleOf(by: Grouping, { key, name, nodes, nodeCount, vectors }: IncidentGroup): string {
  if (by === 'day') return DAY.format(new Date(`${key}T00:00:00Z`))
  if (by === 'campaign')
    return nodeCount === 1 ? `${named(vectors)} against ${nodes[0]}` : `${named(vectors)} against ${nodeCount} nodes`
  return name ?? 'In no group'
}

function subtitleOf(by: Grouping, { nodes, nodeCount, vectors, peakPps }: IncidentGroup): string {
  const more = nodeCount - Math.min(nodes.length, NAMES_SHOWN)
  const where = `${nodes.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const { value, unit } = packetRate(peakPps)
  const parts = [
    by === 'node' ? null : where,
    by === 'campaign' ? null : named(vectors),
    `highest peak ${value} ${unit}`,
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

function named(vectors: IncidentGroup['vectors']): string {
  const names = vectors.map((id) => VECTORS[id]?.name ?? id)
  if (names.length === 0) return 'Unnamed traffic'
  const more = names.length - NAMES_SHOWN
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
