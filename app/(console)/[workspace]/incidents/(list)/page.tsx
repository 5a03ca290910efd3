import type { Metadata } from 'next'
import { readIncidentQuery, writeIncidentQuery } from '@/app/_lib/incident-filter'
import { orNotFound } from '@/app/_lib/or-not-found'
import { toSearchParams } from '@/app/_lib/search-params'
import { getCaller } from '@/server/trpc/caller'
import { IncidentsPage } from './incidents-page'

export const metadata: Metadata = { title: 'Incidents' }

type Props = {
  params: Promise<{ workspace: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Page({ params, searchParams }: Props) {
  const { workspace } = await params
  const query = readIncidentQuery(toSearchParams(await searchParams))
  const { filter, sort } = query
  const caller = await getCaller()
  const [{ nodeCount }, page, count, groups] = await orNotFound(
    Promise.all([
      caller.workspaces.get({ workspace }),
      caller.incidents.list({ workspace, ...filter, sort }),
      caller.incidents.count({ workspace, ...filter }),
      caller.groups.list({ workspace }),
    ]),
  )
  return (
    <IncidentsPage
      workspace={workspace}
      loaded={{ for: writeIncidentQuery({ filter, sort, view: 'list' }), page, count }}
      groups={groups}
      hasNodes={nodeCount > 0}
    />
  )
}
