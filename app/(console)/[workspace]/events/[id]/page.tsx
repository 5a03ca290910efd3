import type { Metadata } from 'next'
import { orNotFound } from '@/app/_lib/or-not-found'
import { getCaller } from '@/server/trpc/caller'
import { EventPage } from './event-page'

type Props = { params: Promise<{ workspace: string; id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const caller = await getCaller()
  return { title: (await orNotFound(caller.events.get(await params))).event.name }
}

export default async function Page({ params }: Props) {
  const { workspace, id } = await params
  const caller = await getCaller()
  const [{ may }, view] = await orNotFound(
    Promise.all([caller.workspaces.get({ workspace }), caller.events.get({ workspace, id })]),
  )
  const seesServers = may['node.read']
  const [tiles, groups, checks, links] = await orNotFound(
    Promise.all([
      seesServers ? caller.nodes.tiles({ workspace }) : [],
      caller.groups.list({ workspace }),
      // A role may see servers of another part of the workspace, and of this event only when it is on air.
      seesServers ? caller.events.readiness({ workspace, id }).catch(() => null) : null,
      may['board.share'] ? caller.boards.links({ workspace, id }) : null,
    ]),
  )
  const nodes = tiles.map((tile) => ({ id: tile.id, name: tile.name }))
  return (
    <EventPage
      workspace={workspace}
      loaded={{ view, checks, links, nowMs: Date.now() }}
      nodes={nodes}
      groups={groups}
      mayUpdate={may['group.update']}
    />
  )
}
