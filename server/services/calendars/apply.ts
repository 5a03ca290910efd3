import { newId } from '../../core/ids'
import type { Tx } from '../../db/pool'
import { type Ctx, clockOf } from '../context'
import type { Change, Plan } from './plan'

export type Counts = {
  added: number
  changed: number
  cancelled: number
  withdrawn: number
  same: number
  kept: number
}

export const countsOf = ({ changes }: Plan): Counts => {
  const of = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length
  return {
    added: of('add'),
    changed: of('change'),
    cancelled: of('cancel'),
    withdrawn: of('withdraw'),
    same: of('same'),
    kept: changes.filter(({ kept }) => kept.length > 0).length,
  }
}

type Target = { calendarId: string; groupId: string }
type Known = Change & { known: NonNullable<Change['known']> }

/** Does what the plan says, all of it or nothing: within the transaction that made it, under the lock of its calendar. */
export async function applyPlan(tx: Tx, ctx: Ctx, target: Target, { changes }: Plan): Promise<void> {
  const isKnown = (change: Change): change is Known => change.known !== null
  const gone = changes.filter(isKnown).filter(({ kind }) => kind === 'cancel' || kind === 'withdraw')
  // First what goes: its names are free for what comes.
  await putAway(tx, ctx, gone)
  await change(
    tx,
    ctx,
    target,
    changes.filter(isKnown).filter(({ kind }) => kind === 'change'),
  )
  await add(
    tx,
    ctx,
    target,
    changes.filter(({ kind }) => kind === 'add'),
  )
}

async function putAway(tx: Tx, ctx: Ctx, gone: readonly Known[]): Promise<void> {
  if (gone.length === 0) return
  const { workspaceId } = ctx
  await tx.nodeGroup.updateMany({
    where: { workspaceId, id: { in: gone.map(({ known }) => known.groupId) }, archivedAt: null },
    data: { archivedAt: new Date(clockOf(ctx).now()) },
  })
  for (const [kind, state] of [
    ['cancel', 'cancelled'],
    ['withdraw', 'withdrawn'],
  ] as const) {
    const ids = gone.filter((one) => one.kind === kind).map(({ known }) => known.id)
    await tx.calendarEntry.updateMany({ where: { workspaceId, id: { in: ids } }, data: { state } })
  }
}

async function change(tx: Tx, ctx: Ctx, { groupId }: Target, changed: readonly Known[]): Promise<void> {
  if (changed.length === 0) return
  const { workspaceId } = ctx
  const renamed = changed.filter(({ fields, isBack }) => fields.includes('name') || isBack)
  // Two matches may take each other's name: all leave theirs before any takes its new one.
  await rename(
    tx,
    workspaceId,
    renamed.map(({ known }) => ({ id: known.groupId, name: known.groupId })),
  )
  await tx.nodeGroup.updateMany({
    where: { workspaceId, id: { in: changed.filter(({ isBack }) => isBack).map(({ known }) => known.groupId) } },
    data: { archivedAt: null, parentId: groupId },
  })
  await rename(
    tx,
    workspaceId,
    renamed.map(({ known, name }) => ({ id: known.groupId, name })),
  )
  const withField = (field: Change['fields'][number]) => changed.filter(({ fields }) => fields.includes(field))
  const moved = withField('window')
  await tx.scheduleWindow.deleteMany({
    where: { workspaceId, groupId: { in: moved.map(({ known }) => known.groupId) } },
  })
  await insertWindows(
    tx,
    workspaceId,
    moved.map((one) => ({ ...one, groupId: one.known.groupId })),
  )
  const replaced = withField('servers')
  await tx.groupNode.deleteMany({ where: { workspaceId, groupId: { in: replaced.map(({ known }) => known.groupId) } } })
  await insertNodes(
    tx,
    workspaceId,
    replaced.map((one) => ({ ...one, groupId: one.known.groupId })),
  )
  await noteImported(tx, workspaceId, changed)
}

/** What the calendar says now, whether or not the match follows it. */
async function noteImported(tx: Tx, workspaceId: string, changed: readonly Known[]): Promise<void> {
  const rows = changed.map(({ known, name, location, startsMs, endsMs, nodeIds }) => ({
    id: known.id,
    name,
    location,
    starts_at: new Date(startsMs),
    ends_at: new Date(endsMs),
    node_ids: nodeIds,
  }))
  await tx.$executeRaw`
    UPDATE calendar_entry e SET name = r.name, location = r.location, starts_at = r.starts_at, ends_at = r.ends_at,
      node_ids = r.node_ids, state = 'current'
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, name text, location text,
      starts_at timestamptz, ends_at timestamptz, node_ids uuid[])
    WHERE e.workspace_id = ${workspaceId}::uuid AND e.id = r.id`
}

async function rename(tx: Tx, workspaceId: string, names: { id: string; name: string }[]): Promise<void> {
  if (names.length === 0) return
  await tx.$executeRaw`
    UPDATE node_group g SET name = r.name FROM jsonb_to_recordset(${JSON.stringify(names)}::jsonb) AS r (id uuid, name text)
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.id = r.id`
}

async function add(tx: Tx, ctx: Ctx, { calendarId, groupId }: Target, added: readonly Change[]): Promise<void> {
  if (added.length === 0) return
  const { workspaceId } = ctx
  const createdAt = new Date(clockOf(ctx).now())
  const made = added.map((one) => ({ ...one, groupId: newId() }))
  await tx.nodeGroup.createMany({
    data: made.map(({ groupId: id, name }) => ({ workspaceId, id, kind: 'match', name, parentId: groupId, createdAt })),
  })
  await insertWindows(tx, workspaceId, made)
  await insertNodes(tx, workspaceId, made)
  await tx.calendarEntry.createMany({
    data: made.map(({ groupId: matchId, uid, recurrence, name, location, startsMs, endsMs, nodeIds }) => ({
      workspaceId,
      id: newId(),
      calendarId,
      uid,
      recurrence,
      groupId: matchId,
      name,
      location,
      startsAt: new Date(startsMs),
      endsAt: new Date(endsMs),
      nodeIds: [...nodeIds],
    })),
  })
}

type Placed = { groupId: string; startsMs: number; endsMs: number; nodeIds: readonly string[] }

const insertWindows = (tx: Tx, workspaceId: string, placed: readonly Placed[]) =>
  tx.scheduleWindow.createMany({
    data: placed.map(({ groupId, startsMs, endsMs }) => ({
      workspaceId,
      id: newId(),
      groupId,
      startsAt: new Date(startsMs),
      endsAt: new Date(endsMs),
    })),
  })

const insertNodes = (tx: Tx, workspaceId: string, placed: readonly Placed[]) =>
  tx.groupNode.createMany({
    data: placed.flatMap(({ groupId, nodeIds }) => nodeIds.map((nodeId) => ({ workspaceId, groupId, nodeId }))),
  })
