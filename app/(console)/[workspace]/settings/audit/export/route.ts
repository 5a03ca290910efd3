import { downloadAudit } from '@/server/trpc/audit-export'

type Context = { params: Promise<{ workspace: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { workspace } = await params
  return downloadAudit({ workspace, asked: Object.fromEntries(new URL(request.url).searchParams) })
}
