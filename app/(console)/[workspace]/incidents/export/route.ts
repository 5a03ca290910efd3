import { readIncidentQuery } from '@/app/_lib/incident-filter'
import { downloadIncidents } from '@/server/trpc/incident-export'

type Context = { params: Promise<{ workspace: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const search = new URL(request.url).searchParams
  const { filter, sort } = readIncidentQuery(search)
  return downloadIncidents({ ...(await params), asked: { ...filter, sort, format: search.get('format') } })
}
