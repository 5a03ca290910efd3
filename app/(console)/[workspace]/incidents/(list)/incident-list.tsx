'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useEffect } from 'react'
import { packetCount, span } from '@/app/_lib/figures'
import { useLive } from '@/app/_lib/live'
import { howPlayersAre, whatAndWhere } from '@/app/_lib/sentence'
import { incidentMark, isOver } from '@/app/_lib/states'
import { useTRPC } from '@/app/_lib/trpc'
import { EmptyState } from '@/app/_ui/empty-state'
import { PacketRate } from '@/app/_ui/figure'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import { StateMark } from '@/app/_ui/state-mark'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { IncidentSummary } from '@/server/trpc/incident-view'

type Props = { workspace: string; incidents: IncidentSummary[]; hasNodes: boolean }

/** What is going on first, then what was. */
export function IncidentList({ workspace, incidents: loaded, hasNodes }: Props) {
  const incidents = useIncidents(workspace, loaded)
  const open = incidents.filter((incident) => !isOver(incident.state))
  const over = incidents.filter((incident) => isOver(incident.state))
  return (
    <div className="flex w-full flex-col gap-6 p-4 sm:p-6 lg:px-8">
      <PageHeader title="Incidents" context={<LiveNote />} />
      {incidents.length === 0 ? (
        <NoIncidents workspace={workspace} hasNodes={hasNodes} />
      ) : (
        <>
          <p className="text-md text-soft">{summary(open.length, over.length)}</p>
          <Table label="Incidents">
            <thead>
              <tr>
                <HeadCell className="w-24 md:w-36">State</HeadCell>
                <HeadCell>What</HeadCell>
                <HeadCell className="hidden w-40 md:table-cell">Began</HeadCell>
                <HeadCell figure className="hidden w-28 md:table-cell">
                  Dropped after
                </HeadCell>
                <HeadCell figure className="hidden w-28 md:table-cell">
                  Lasted
                </HeadCell>
                <HeadCell figure className="hidden w-28 md:table-cell">
                  Peak
                </HeadCell>
                <HeadCell figure className="hidden w-32 md:table-cell">
                  Dropped
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {[...open, ...over].map((incident) => (
                <IncidentRow key={incident.id} incident={incident} workspace={workspace} />
              ))}
            </tbody>
          </Table>
        </>
      )}
    </div>
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
          className="font-medium after:absolute after:inset-0 after:content-['']"
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
      <Cell figure className="hidden text-soft md:table-cell">
        {ruleInKernelMs === null ? 'not dropped' : span(Math.max(0, ruleInKernelMs - startedMs))}
      </Cell>
      <Cell figure className="hidden text-soft md:table-cell">
        {endedMs === null ? 'going on' : span(endedMs - startedMs)}
      </Cell>
      <Cell figure className="hidden font-medium md:table-cell">
        <PacketRate pps={incident.peakWire.pps} />
      </Cell>
      <Cell figure className="hidden text-soft md:table-cell">
        {packetCount(incident.droppedPackets)}
      </Cell>
    </Row>
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

function summary(open: number, over: number): string {
  const past = over === 0 ? '' : ` ${over} over.`
  if (open === 0) return `No attack is going on.${past}`
  return `${open === 1 ? 'One attack is' : `${open} attacks are`} going on.${past}`
}

function useIncidents(workspace: string, loaded: IncidentSummary[]): IncidentSummary[] {
  const trpc = useTRPC()
  const client = useQueryClient()
  const live = useLive()
  const options = trpc.incidents.list.queryOptions({ workspace })
  const { queryKey } = options
  const { data } = useQuery({ ...options, initialData: loaded, refetchInterval: 30_000 })
  useEffect(() => {
    const refresh = () => void client.invalidateQueries({ queryKey })
    const offs = [live.on('incident', refresh), live.onJoin(refresh)]
    return () => {
      for (const off of offs) off()
    }
  }, [live, client, queryKey])
  return data
}
