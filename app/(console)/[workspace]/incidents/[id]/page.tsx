import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { whatAndWhere } from '@/app/_lib/sentence'
import { getCaller } from '@/server/trpc/caller'
import { IncidentPage } from './incident-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const incident = await load(params)
  return { title: whatAndWhere(incident) }
}

export default async function Page({ params }: Props) {
  const { workspace, id } = await params
  const incident = await load(params)
  const caller = await getCaller()
  const series = await orNotFound(caller.incidents.samples({ workspace, id }))
  return <IncidentPage workspace={workspace} incident={incident} series={series} />
}

async function load(params: Props['params']) {
  const caller = await getCaller()
  return orNotFound(caller.incidents.get(await params))
}
