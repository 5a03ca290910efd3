import { readReportQuery } from '@/app/_lib/report-query'
import { downloadIncidentReport } from '@/server/trpc/report-download'

type Context = { params: Promise<{ workspace: string; id: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { workspace, id } = await params
  const { edition, zone } = readReportQuery(new URL(request.url).searchParams)
  return downloadIncidentReport({ workspace, asked: { id, edition, zone } })
}
