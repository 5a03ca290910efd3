import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { MembersPage } from './members-page'

export const metadata: Metadata = { title: 'Members' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, members, invites, groups] = await orNotFound(
    Promise.all([
      readWorkspace(workspace),
      caller.members.list({ workspace }),
      caller.members.invites({ workspace }),
      caller.groups.list({ workspace }),
    ]),
  )
  return <MembersPage workspace={workspace} members={members} invites={invites} groups={groups} may={may} />
}
