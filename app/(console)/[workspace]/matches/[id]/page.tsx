import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readMatch } from '@/server/trpc/caller'
import { MatchPage } from './match-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { workspace, id } = await params
  return { title: (await orNotFound(readMatch(workspace, id))).name }
}

export default async function Page({ params }: Props) {
  const { workspace, id } = await params
  const caller = await getCaller()
  const match = await orNotFound(readMatch(workspace, id))
  const [board, tiles, incidents] = await orNotFound(
    Promise.all([
      caller.boards.get({ workspace, id }),
      match.maySeeServers ? caller.nodes.tiles({ workspace, groupId: id }) : null,
      match.mayReadIncidents ? caller.incidents.list({ workspace, groupId: id }) : null,
    ]),
  )
  return (
    <MatchPage
      workspace={workspace}
      loaded={{ match, board, tiles, incidents: incidents?.incidents ?? null, nowMs: Date.now() }}
    />
  )
}
