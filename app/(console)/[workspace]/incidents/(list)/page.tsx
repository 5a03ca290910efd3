import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { IncidentList } from './incident-list'

export const metadata: Metadata = { title: 'Incidents' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ nodeCount }, incidents] = await orNotFound(
    Promise.all([caller.workspaces.get({ workspace }), caller.incidents.list({ workspace })]),
  )
  return <IncidentList workspace={workspace} incidents={incidents} hasNodes={nodeCount > 0} />
}
