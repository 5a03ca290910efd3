import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { toColumns } from '@/app/_lib/columns'
import { isFirstRun } from '@/app/_lib/first-run'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { entriesFor } from '../_shell/entries'
import { FleetPage } from './fleet-page'

export const metadata: Metadata = { title: 'Fleet' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const { may } = await orNotFound(readWorkspace(workspace))
  if (!may['node.read']) redirect(`/${workspace}${entriesFor(may)[0]?.path ?? '/incidents'}`)
  const [tiles, groups] = await orNotFound(
    Promise.all([caller.nodes.tiles({ workspace }), caller.groups.list({ workspace })]),
  )
  const isEmpty = isFirstRun(tiles)
  const [lines, members] = await orNotFound(
    Promise.all([
      isEmpty && may['node.enrol'] ? caller.nodes.enrolments({ workspace }) : null,
      isEmpty && !may['node.enrol'] && may['member.read'] ? caller.members.list({ workspace }) : [],
    ]),
  )
  const colleagues = members
    .filter(({ grants }) => grants.some(({ role }) => role === 'owner' || role === 'admin'))
    .map(({ name, email }) => ({ name, email }))
  return (
    <FleetPage
      workspace={workspace}
      loaded={toColumns(tiles)}
      groups={groups}
      mayAddNode={may['node.enrol']}
      lines={lines}
      colleagues={colleagues}
    />
  )
}
