import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { SettingsFrame } from '../_frame/settings-frame'
import { SignInPage } from './sign-in-page'

export const metadata: Metadata = { title: 'Sign-in' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const [{ may }, signIn] = await orNotFound(Promise.all([readWorkspace(workspace), caller.signIn.get({ workspace })]))
  return (
    <SettingsFrame workspace={workspace} may={may} here="sign-in" context="How members prove who they are.">
      <SignInPage workspace={workspace} signIn={signIn} mayUpdate={may['sign_in.update']} />
    </SettingsFrame>
  )
}
