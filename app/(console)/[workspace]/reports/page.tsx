import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { EDITION_CHOICES, type Edition, readReportQuery } from '@/app/_lib/report-query'
import { toSearchParams } from '@/app/_lib/search-params'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { ReportTools } from '@/app/_ui/report/report-tools'
import { ReportView } from '@/app/_ui/report/report-view'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { ReportForm } from './report-form'

export const metadata: Metadata = { title: 'Reports' }

type Props = {
  params: Promise<{ workspace: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Page({ params, searchParams }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, groups] = await orNotFound(Promise.all([readWorkspace(workspace), caller.groups.list({ workspace })]))
  const editions: Edition[] = may['incident.read'] ? (Object.keys(EDITION_CHOICES) as Edition[]) : ['sponsor']
  const asked = readReportQuery(toSearchParams(await searchParams))
  const query = { ...asked, edition: editions.includes(asked.edition) ? asked.edition : 'sponsor' }
  const { edition, zone, groupId, fromMs, toMs } = query
  const isAsked = fromMs !== undefined && toMs !== undefined && toMs > fromMs
  const document = isAsked
    ? await orNotFound(caller.reports.ofGroup({ workspace, id: groupId, edition, zone, fromMs, toMs }))
    : null
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8 print:p-0">
      <div className="flex flex-col gap-4" data-noprint>
        <PageHeader
          title="Reports"
          context="What happened to an event, a match or a region in a span of days, for the league, a sponsor or yourselves."
        />
        <ReportForm workspace={workspace} query={query} groups={groups} editions={editions} />
      </div>
      {document ? (
        <>
          <ReportTools path={`/${workspace}/reports`} query={query} editions={editions} />
          <ReportView document={document} />
        </>
      ) : (
        <EmptyState title="No report chosen yet">
          <p>Choose what it is about and which days, then make it. Only measured numbers are told in it.</p>
          {may['incident.read'] ? <p>The report of one incident is on the incident’s page.</p> : null}
        </EmptyState>
      )}
    </div>
  )
}
