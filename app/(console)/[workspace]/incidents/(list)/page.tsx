import type { Metadata } from 'next'
import { readIncidentQuery, writeIncidentQuery } from '@/app/_lib/incident-filter'
import { orNotFound } from '@/app/_lib/or-not-found'
import { toSearchParams } from '@/app/_lib/search-params'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
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
  const [{ may }, page, count, groups] = await orNotFound(
    Promise.all([
      readWorkspace(workspace),
      caller.incidents.list({ workspace, ...filter, sort }),
      caller.incidents.count({ workspace, ...filter }),
      caller.groups.list({ workspace }),
    ]),
  )
  // A list without rows says whether there is anything that could have been attacked.
  const isBare = page.incidents.length === 0 && may['node.read']
  const hasNodes = !isBare || (await caller.nodes.names({ workspace })).length > 0
  return (
    <IncidentsPage
      workspace={workspace}
      loaded={{ for: writeIncidentQuery({ filter, sort, view: 'list' }), page, count }}
      groups={groups}
      hasNodes={hasNodes}
    />
  )
}
