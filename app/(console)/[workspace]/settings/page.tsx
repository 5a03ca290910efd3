import { forbidden, redirect } from 'next/navigation'
import { orNotFound } from '@/app/_lib/or-not-found'
import { readWorkspace } from '@/server/trpc/caller'
import { tabsFor } from './_frame/tabs'

type Props = { params: Promise<{ workspace: string }> }

/** Leads to the first tab that one may open. */
export default async function Page({ params }: Props) {
  const { workspace } = await params
  const { may } = await orNotFound(readWorkspace(workspace))
  const [first] = tabsFor(may)
  if (!first) forbidden()
  redirect(`/${workspace}/settings/${first.path}`)
}
