import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getSession } from '@/server/auth/session'
import { getCaller } from '@/server/trpc/caller'
import { AccountPage } from './account-page'

export const metadata: Metadata = { title: 'Your account' }

export default async function Page() {
  const caller = await getCaller()
  const [session, sessions, secondFactor] = await orNotFound(
    Promise.all([getSession(), caller.sessions.list(), caller.secondFactor.get()]),
  )
  return <AccountPage account={session?.email ?? ''} sessions={sessions} secondFactor={secondFactor} />
}
