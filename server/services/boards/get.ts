import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { formatId } from '../../core/ids'
import { reachOf } from '../../core/permissions'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { requireGroupWithin } from '../reach'
import { readSchedule } from '../schedule/read'
import {
  liveGroups,
  nodesByGroup,
  type ScheduledGroup,
  type Span,
  type Tree,
  toTree,
  upwards,
  windowsOf,
  zoneOf,
} from '../schedule/schedule'
import { Board, type BoardMatch, chooseTiles, judgeMatch } from './board'
import { type BoardServer, readServers } from './facts'

const Input = z.object({
  groupId: z.uuid(),
  /** For the platform itself, which reads once for many; others have what they were granted. */
  withRates: z.boolean().default(false),
})

/** State of each match in a group, for who watches: no addresses, no servers, and rates only for whom they are granted. */
export async function getBoard({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Board> {
  const reach = requirePermission(ctx, 'board.read')
  const { groupId, withRates } = parseInput(Input, input)
  const nowMs = clockOf(ctx).now()
  const { tree, group, tiles, members, servers } = await inTenant(ctx, async (tx) => {
    const groups = await readSchedule(ctx, tx)
    const tree = toTree(groups)
    const group = tree.get(groupId)
    if (!group) throw new NotFoundError('group')
    await requireGroupWithin(tx, reach, groupId)
    const tiles = matchesIn(groups, tree, group)
    const members = nodesByGroup(groups)
    const nodeIds = new Set(tiles.flatMap(({ id }) => [...(members.get(id) ?? [])]))
    const servers = await readServers(tx, ctx.workspaceId, [...nodeIds], nowMs)
    return { tree, group, tiles, members, servers }
  })
  const live = liveGroups(tree, nowMs)
  const showsRates = ctx.actor.kind === 'job' ? withRates : mayShowRates(ctx)
  const all = tiles.map((match) => {
    const own = [...(members.get(match.id) ?? [])].flatMap((id) => servers.get(id) ?? [])
    return toTile({ match, group, tree, own, isLive: live.has(match.id), showsRates, nowMs })
  })
  const { shown, more } = chooseTiles(all, nowMs)
  const head = { title: group.name, timeZone: zoneOf(tree, groupId), isLive: live.has(groupId), showsRates }
  return Board.parse({ ...head, matches: shown, more })
}

/** The matches below a group; a group without any is one tile itself. */
function matchesIn(groups: readonly ScheduledGroup[], tree: Tree, group: ScheduledGroup): ScheduledGroup[] {
  const found = groups.filter(
    ({ id, kind }) => kind === 'match' && upwards(tree, id).some((above) => above.id === group.id),
  )
  return found.length > 0 ? found : [group]
}

/** A link shows rates when it was made to; a person sees them who may read samples anywhere in this workspace. */
export function mayShowRates({ actor }: Ctx): boolean {
  if (actor.kind === 'spectator') return actor.showsRates
  return actor.kind === 'user' && reachOf(actor.grants, 'sample.read') === 'workspace'
}

/** The window that covers this moment, or else the next one, or else the last. */
function windowAt(windows: readonly Span[], nowMs: number): Span | null {
  return windows.find(({ endsMs }) => endsMs > nowMs) ?? windows.at(-1) ?? null
}

type Given = {
  match: ScheduledGroup
  group: ScheduledGroup
  tree: Tree
  own: readonly BoardServer[]
  isLive: boolean
  showsRates: boolean
  nowMs: number
}

function toTile({ match, group, tree, own, isLive, showsRates, nowMs }: Given): BoardMatch {
  const stage = upwards(tree, match.parentId).find(({ kind, id }) => kind === 'stage' && id !== group.id)
  const window = windowAt(windowsOf(tree, match.id), nowMs)
  return {
    id: formatId('grp', match.id),
    name: match.name,
    // Above what was granted nothing is told.
    stage: stage && upwards(tree, stage.id).some(({ id }) => id === group.id) ? stage.name : null,
    ...judgeMatch(own, nowMs),
    isLive,
    window: window && { startsMs: window.startsMs, endsMs: window.endsMs },
    ...(showsRates && { rate: sumOf(own) }),
  }
}

function sumOf(servers: readonly BoardServer[]): { pps: number; bps: number } | null {
  const rates = servers.flatMap(({ rate }) => rate ?? [])
  if (rates.length === 0) return null
  return {
    pps: Math.round(rates.reduce((sum, { pps }) => sum + pps, 0)),
    bps: Math.round(rates.reduce((sum, { bps }) => sum + bps, 0)),
  }
}
