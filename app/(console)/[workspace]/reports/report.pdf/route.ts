import { readReportQuery } from '@/app/_lib/report-query'
import { downloadGroupReport } from '@/server/trpc/report-download'

type Context = { params: Promise<{ workspace: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { edition, zone, groupId, fromMs, toMs } = readReportQuery(new URL(request.url).searchParams)
  return downloadGroupReport({ ...(await params), asked: { id: groupId, edition, zone, fromMs, toMs } })
}
