import { CACHE_CONTROL, loadStatusPage } from '../../../_status/load'

type Context = { params: Promise<{ slug: string }> }

/** The same answer for programs, readable from any site. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { slug } = await params
  const status = await loadStatusPage(slug)
  const headers = { 'Access-Control-Allow-Origin': '*' }
  if (!status) {
    const error = { error: { code: 'not_found', message: 'There is no status page under this name.' } }
    return Response.json(error, { status: 404, headers: { ...headers, 'Cache-Control': 'public, max-age=5' } })
  }
  return Response.json({ ...status, asOfMs: Date.now() }, { headers: { ...headers, 'Cache-Control': CACHE_CONTROL } })
}
