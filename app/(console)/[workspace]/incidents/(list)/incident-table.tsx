'use client'
import Link from 'next/link'
import { packetCount, span } from '@/app/_lib/figures'
import type { IncidentQuery } from '@/app/_lib/incident-filter'
import { howPlayersAre, whatAndWhere } from '@/app/_lib/sentence'
import { incidentMark, isOver } from '@/app/_lib/states'
import { Button } from '@/app/_ui/button'
import { PacketRate } from '@/app/_ui/figure'
import { Skeleton } from '@/app/_ui/skeleton'
import { StateMark } from '@/app/_ui/state-mark'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { IncidentSummary } from '@/server/trpc/incident-view'
import { type Loaded, useIncidentPages } from './use-incidents'

type Props = {
  workspace: string
  query: Pick<IncidentQuery, 'filter' | 'sort'>
  loaded: Loaded | null
  label?: string
}

/** A page of the list at a time; the next one on demand. */
export function IncidentPages({ workspace, query, loaded, label = 'Incidents' }: Props) {
  const { data, error, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, refetch } = useIncidentPages(
    workspace,
    query,
    loaded,
  )
  if (!data) return error ? <NotLoaded message={error.message} onRetry={() => void refetch()} /> : <TableSkeleton />
  const incidents = onceEach(data.pages.flatMap((page) => page.incidents))
  return (
    <div aria-busy={isPlaceholderData} className={`flex flex-col gap-4 ${isPlaceholderData ? 'opacity-60' : ''}`}>
      <IncidentTable workspace={workspace} incidents={incidents} label={label} />
      {hasNextPage ? (
        <Button
          data-row
          className="self-center"
          onClick={() => void fetchNextPage()}
          disabled={isFetchingNextPage || isPlaceholderData}
        >
          {isFetchingNextPage ? 'Loading more' : 'Show more'}
        </Button>
      ) : null}
    </div>
  )
}

/** One that moved between two pages stands in both until they are asked for again. */
function onceEach(incidents: IncidentSummary[]): IncidentSummary[] {
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()]
}

export const TableSkeleton = () => (
  <div role="status" aria-label="Loading" className="flex flex-col gap-3">
    {[0, 1, 2, 3].map((line) => (
      <Skeleton key={line} className="h-11 w-full" />
    ))}
  </div>
)

export function NotLoaded({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 py-4">
      <span className="text-soft">The incidents could not be loaded. {message}</span>
      <Button onClick={onRetry}>Load again</Button>
    </div>
  )
}

function IncidentTable({
  workspace,
  incidents,
  label,
}: {
  workspace: string
  incidents: IncidentSummary[]
  label: string
}) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <HeadCell className="w-24 md:w-36">State</HeadCell>
          <HeadCell>What</HeadCell>
          <HeadCell className="hidden w-40 md:table-cell">Began</HeadCell>
          <HeadCell figure className="hidden w-28 lg:table-cell">
            Dropped after
          </HeadCell>
          <HeadCell figure className="hidden w-28 md:table-cell">
            Lasted
          </HeadCell>
          <HeadCell figure className="hidden w-28 md:table-cell">
            Peak
          </HeadCell>
          <HeadCell figure className="hidden w-32 lg:table-cell">
            Dropped
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} workspace={workspace} />
        ))}
      </tbody>
    </Table>
  )
}

function IncidentRow({ incident, workspace }: { incident: IncidentSummary; workspace: string }) {
  const mark = incidentMark(incident.state)
  const { startedMs, ruleInKernelMs, endedMs } = incident
  return (
    <Row className="eased relative hover:bg-hover">
      <Cell>
        <StateMark state={mark.state} word={mark.word} />
      </Cell>
      <Cell className="md:min-w-64">
        <Link
          href={`/${workspace}/incidents/${incident.id}`}
          data-row
          className="font-medium [overflow-wrap:anywhere] after:absolute after:inset-0 after:content-['']"
        >
          {whatAndWhere(incident)}
        </Link>
        <div className="text-sm text-soft">
          <span className="md:hidden">
            <Time atMs={startedMs} form="auto" />, peak <PacketRate pps={incident.peakWire.pps} />.{' '}
          </span>
          {howPlayersAre(incident)}
          {!isOver(incident.state) && incident.acknowledged === null ? ' Not acknowledged yet.' : ''}
        </div>
      </Cell>
      <Cell className="hidden text-soft md:table-cell">
        <Time atMs={startedMs} form="auto" />
      </Cell>
      <Cell figure className="hidden text-soft lg:table-cell">
        {ruleInKernelMs === null ? 'not dropped' : span(Math.max(0, ruleInKernelMs - startedMs))}
      </Cell>
      <Cell figure className="hidden text-soft md:table-cell">
        {endedMs === null ? 'going on' : span(endedMs - startedMs)}
      </Cell>
      <Cell figure className="hidden font-medium md:table-cell">
        <PacketRate pps={incident.peakWire.pps} />
      </Cell>
      <Cell figure className="hidden text-soft lg:table-cell">
        {packetCount(incident.droppedPackets)}
      </Cell>
    </Row>
  )
}
