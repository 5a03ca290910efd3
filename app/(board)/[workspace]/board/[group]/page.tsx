import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getSession } from '@/server/auth/session'
import { getCaller } from '@/server/trpc/caller'
import { BoardView } from '../../../_board/board-view'
import { schemeOf } from '../../../_board/load'

type Props = { params: Promise<{ workspace: string; group: string }>; searchParams: Promise<{ scheme?: string }> }

export const metadata: Metadata = { title: 'Board' }

/** The board by an account, for who was given the group. */
export default async function Page({ params, searchParams }: Props) {
  const { workspace, group } = await params
  if (!(await getSession()))
    redirect(`/sign-in?to=${encodeURIComponent((await headers()).get('x-path') ?? `/${workspace}`)}`)
  const loaded = await orNotFound((await getCaller()).boards.get({ workspace, id: group }))
  return <BoardView claim={{ workspace, group }} loaded={loaded} scheme={schemeOf((await searchParams).scheme)} />
}
