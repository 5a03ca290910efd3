import { CACHE_CONTROL, loadStatusPage } from '../../_status/load'
import { renderStatusPage, STATUS_POLICY } from '../../_status/page'

type Context = { params: Promise<{ slug: string }> }

/** The public status page: plain HTML, no script, no cookie, no session. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { slug } = await params
  const status = await loadStatusPage(slug)
  if (!status)
    return new Response('There is no status page here.\n', {
      status: 404,
      headers: { 'Cache-Control': 'public, max-age=5' },
    })
  const refreshes = new URL(request.url).searchParams.get('refresh') !== 'off'
  return new Response(renderStatusPage({ status, slug, nowMs: Date.now(), refreshes }), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': CACHE_CONTROL,
      'Content-Security-Policy': STATUS_POLICY,
    },
  })
}
