import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { SettingsFrame } from '../_frame/settings-frame'
import { AuditPage } from './audit-page'
import { ChainCheck } from './chain-check'

export const metadata: Metadata = { title: 'Audit log' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, newest, members] = await orNotFound(
    Promise.all([readWorkspace(workspace), caller.audit.list({ workspace }), caller.members.list({ workspace })]),
  )
  return (
    <SettingsFrame
      workspace={workspace}
      may={may}
      here="audit"
      context="Who did what, when. Rows are only ever added; each carries the hash of the one before it."
      action={<ChainCheck workspace={workspace} />}
    >
      <AuditPage
        workspace={workspace}
        newest={newest}
        people={members.map(({ userId, name, email }) => ({ id: userId, name, email }))}
      />
    </SettingsFrame>
  )
}
