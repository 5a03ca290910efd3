import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { NodePage } from './node-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(params)).name }
}

export default async function Page({ params }: Props) {
  const { workspace } = await params
  return <NodePage workspace={workspace} node={await load(params)} />
}

async function load(params: Props['params']) {
  const caller = await getCaller()
  return orNotFound(caller.nodes.get(await params))
}
