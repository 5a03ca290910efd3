import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { GroupsPage } from './groups-page'

export const metadata: Metadata = { title: 'Groups' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, groups, tiles] = await orNotFound(
    Promise.all([
      caller.workspaces.get({ workspace }),
      caller.groups.list({ workspace }),
      caller.nodes.tiles({ workspace }),
    ]),
  )
  const nodes = tiles.map(({ id, name }) => ({ id, name }))
  return <GroupsPage workspace={workspace} groups={groups} nodes={nodes} mayUpdate={may['group.update']} />
}
