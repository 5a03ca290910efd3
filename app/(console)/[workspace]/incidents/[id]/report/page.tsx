import type { Metadata } from 'next'
import Link from 'next/link'
import { orNotFound } from '@/app/_lib/or-not-found'
import { EDITION_CHOICES, type Edition, readReportQuery } from '@/app/_lib/report-query'
import { toSearchParams } from '@/app/_lib/search-params'
import { ReportTools } from '@/app/_ui/report/report-tools'
import { ReportView } from '@/app/_ui/report/report-view'
import { getCaller, readWorkspace } from '@/server/trpc/caller'

export const metadata: Metadata = { title: 'Report' }

type Props = {
  params: Promise<{ workspace: string; id: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Page({ params, searchParams }: Props) {
  const { workspace, id } = await params
  const caller = await getCaller()
  const { may } = await orNotFound(readWorkspace(workspace))
  const asked = readReportQuery(toSearchParams(await searchParams))
  const editions: Edition[] = may['incident.read'] ? (Object.keys(EDITION_CHOICES) as Edition[]) : ['sponsor']
  const { zone } = asked
  const edition = editions.includes(asked.edition) ? asked.edition : 'sponsor'
  const document = await orNotFound(caller.reports.ofIncident({ workspace, id, edition, zone }))
  const path = `/${workspace}/incidents/${id}`
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8 print:p-0">
      {may['incident.read'] ? (
        <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-2 text-sm text-faint" data-noprint>
          <Link href={`/${workspace}/incidents`} className="eased hover:text-ink">
            Incidents
          </Link>
          <span aria-hidden="true">/</span>
          <Link href={path} className="eased truncate font-mono hover:text-ink">
            {id}
          </Link>
          <span aria-hidden="true">/</span>
          <span>Report</span>
        </nav>
      ) : null}
      <ReportTools path={`${path}/report`} query={{ ...asked, edition }} editions={editions} />
      <ReportView document={document} />
    </div>
  )
}
