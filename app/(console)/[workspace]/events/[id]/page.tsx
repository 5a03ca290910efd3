import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller, readEvent, readWorkspace } from '@/server/trpc/caller'
import { EventPage } from './event-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { workspace, id } = await params
  return { title: (await orNotFound(readEvent(workspace, id))).event.name }
}

export default async function Page({ params }: Props) {
  const { workspace, id } = await params
  const caller = await getCaller()
  const [{ may }, view] = await orNotFound(Promise.all([readWorkspace(workspace), readEvent(workspace, id)]))
  const seesServers = may['node.read']
  const [nodes, checks, links] = await orNotFound(
    Promise.all([
      seesServers ? caller.nodes.names({ workspace }) : [],
      // A role may see servers of another part of the workspace, and of this event only when it is on air.
      seesServers ? caller.events.readiness({ workspace, id }).catch(() => null) : null,
      may['board.share'] ? caller.boards.links({ workspace, id }) : null,
    ]),
  )
  return (
    <EventPage
      workspace={workspace}
      loaded={{ view, checks, links, nowMs: Date.now() }}
      nodes={nodes}
      mayUpdate={may['group.update']}
    />
  )
}
