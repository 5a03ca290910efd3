import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { MitigationPage } from './mitigation-page'

export const metadata: Metadata = { title: 'Mitigation' }

type Props = { params: Promise<{ workspace: string }>; searchParams: Promise<{ of?: string }> }

export default async function Page({ params, searchParams }: Props) {
  const { workspace } = await params
  const { of } = await searchParams
  const caller = await getCaller()
  const id = typeof of === 'string' && of !== '' ? of : null
  const [scopes, policy, versions, stops] = await orNotFound(
    Promise.all([
      caller.policies.list({ workspace }),
      caller.policies.get({ workspace, id }),
      caller.policies.versions({ workspace, id }),
      caller.policies.stops({ workspace }),
    ]),
  )
  return <MitigationPage key={id} workspace={workspace} id={id} loaded={{ scopes, policy, versions, stops }} />
}
