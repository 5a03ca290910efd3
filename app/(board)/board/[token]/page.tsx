import type { Metadata } from 'next'
import { BoardView } from '../../_board/board-view'
import { loadByLink, schemeOf } from '../../_board/load'

type Props = { params: Promise<{ token: string }>; searchParams: Promise<{ scheme?: string }> }

export const metadata: Metadata = { title: 'Board', referrer: 'no-referrer' }

/** The board by a link, without an account. */
export default async function Page({ params, searchParams }: Props) {
  const { token } = await params
  return <BoardView claim={{ token }} loaded={await loadByLink(token)} scheme={schemeOf((await searchParams).scheme)} />
}
