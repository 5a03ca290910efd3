import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { whatAndWhere } from '@/app/_lib/sentence'
import { getCaller, readIncident } from '@/server/trpc/caller'
import { IncidentPage } from './incident-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { workspace, id } = await params
  return { title: whatAndWhere(await orNotFound(readIncident(workspace, id))) }
}

export default async function Page({ params }: Props) {
  const { workspace, id } = await params
  const caller = await getCaller()
  const [incident, series] = await orNotFound(
    Promise.all([readIncident(workspace, id), caller.incidents.samples({ workspace, id })]),
  )
  return <IncidentPage workspace={workspace} incident={incident} series={series} />
}
