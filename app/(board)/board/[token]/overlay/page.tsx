import type { Metadata } from 'next'
import { loadByLink } from '../../../_board/load'
import { Overlay } from '../../../_board/overlay'

type Props = { params: Promise<{ token: string }>; searchParams: Promise<{ match?: string }> }

export const metadata: Metadata = { title: 'Overlay', referrer: 'no-referrer' }

/** One match over a picture, as a browser source of OBS. */
export default async function Page({ params, searchParams }: Props) {
  const { token } = await params
  const { match } = await searchParams
  return (
    <Overlay claim={{ token }} loaded={await loadByLink(token)} matchId={typeof match === 'string' ? match : null} />
  )
}
