import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { FleetPage } from './fleet-page'

export const metadata: Metadata = { title: 'Fleet' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, tiles] = await orNotFound(
    Promise.all([caller.workspaces.get({ workspace }), caller.nodes.tiles({ workspace })]),
  )
  return <FleetPage workspace={workspace} tiles={tiles} mayAddNode={may.enrolNode} />
}
