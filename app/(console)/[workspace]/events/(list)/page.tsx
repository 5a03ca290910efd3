import type { Metadata } from 'next'
import { rangeOf } from '@/app/_lib/month'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readWorkspace } from '@/server/trpc/caller'
import { EventsPage } from './events-page'

export const metadata: Metadata = { title: 'Events' }

type Props = { params: Promise<{ workspace: string }> }

export default async function Page({ params }: Props) {
  const { workspace } = await params
  const caller = await getCaller()
  const nowMs = Date.now()
  const month = new Date(nowMs).toISOString().slice(0, 7)
  const [{ may }, calendar] = await orNotFound(
    Promise.all([readWorkspace(workspace), caller.events.calendar({ workspace, ...rangeOf(month) })]),
  )
  return <EventsPage workspace={workspace} loaded={{ month, calendar, nowMs }} mayUpdate={may['group.update']} />
}
