import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { readNode } from '@/server/trpc/caller'
import { NodePage } from './node-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { workspace, id } = await params
  return { title: (await orNotFound(readNode(workspace, id))).name }
}

export default async function Page({ params }: Props) {
  const { workspace, id } = await params
  return <NodePage workspace={workspace} node={await orNotFound(readNode(workspace, id))} />
}
