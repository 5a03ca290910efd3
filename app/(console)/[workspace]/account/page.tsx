import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { AccountPage } from './account-page'

export const metadata: Metadata = { title: 'Your account' }

export default async function Page() {
  const caller = await getCaller()
  return <AccountPage sessions={await orNotFound(caller.sessions.list())} />
}
