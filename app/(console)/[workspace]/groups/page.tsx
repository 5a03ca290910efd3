import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { GroupsPage } from './groups-page'

export const metadata: Metadata = { title: 'Groups' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, groups, nodes] = await orNotFound(
    Promise.all([readWorkspace(workspace), caller.groups.list({ workspace }), caller.nodes.names({ workspace })]),
  )
  return <GroupsPage workspace={workspace} groups={groups} nodes={nodes} mayUpdate={may['group.update']} />
}
