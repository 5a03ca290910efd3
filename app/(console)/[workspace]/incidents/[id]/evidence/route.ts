import { downloadEvidence } from '@/server/trpc/evidence-download'

type Context = { params: Promise<{ workspace: string; id: string }> }

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  return downloadEvidence(await params)
}
