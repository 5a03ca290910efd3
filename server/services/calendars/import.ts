import { z } from 'zod'
import { ConflictError, NotFoundError } from '../../core/errors'
import { newId } from '../../core/ids'
import { MINUTE_MS } from '../../core/units'
import type { Prisma, Tx } from '../../db/pool'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { GroupName } from '../groups/group'
import { writeAudit } from '../write-audit'
import { applyPlan, type Counts, countsOf } from './apply'
import { planFor } from './known'
import { fingerprintOf } from './preview'
import { type ServerRule, ServerRules } from './servers'
import { type CalendarParts, calendarPlace, type ReadSource, readSource, Source } from './source'

const Input = z.object({
  groupId: z.uuid(),
  name: GroupName,
  source: Source,
  rules: ServerRules.default([]),
  /** Read again, from a newer file or with other rules. */
  calendarId: z.uuid().nullable().default(null),
  /** Of the preview that was agreed to. */
  fingerprint: z.string().max(64),
})

/** How often an address is asked again. */
export const REFRESH_MS = 10 * MINUTE_MS

/** Imports what a preview showed, all of it or nothing. @throws ConflictError when it would be something else by now */
export async function importCalendar({
  ctx,
  input,
  parts,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
  parts: CalendarParts
}): Promise<{ id: string; counts: Counts }> {
  requirePermission(ctx, 'group.update')
  const { groupId, name, source, rules, fingerprint, ...given } = parseInput(Input, input)
  const knownId = source.kind === 'known' ? source.calendarId : given.calendarId
  const read = await readSource(ctx, groupId, source, parts)
  const id = knownId ?? newId()
  return inTenant(ctx, async (tx) => {
    await lockCalendars(tx, ctx.workspaceId)
    const row = { id, groupId, name, rules, read, parts }
    if (knownId === null) await insert(tx, ctx, row)
    else await update(tx, ctx, row)
    const nowMs = clockOf(ctx).now()
    const plan = await planFor(tx, ctx, { calendar: read.calendar, groupId, calendarId: knownId, rules, nowMs })
    if (fingerprintOf(plan) !== fingerprint)
      throw new ConflictError('The calendar or your matches changed since this preview was made. Look at it again.')
    await applyPlan(tx, ctx, { calendarId: id, groupId }, plan)
    const counts = countsOf(plan)
    await writeAudit(tx, ctx, {
      action: 'calendar.import',
      subject: { kind: 'calendar', id },
      after: { name, host: read.url?.host ?? null, ...counts },
    })
    return { id, counts }
  })
}

/** One calendar of a workspace is applied at a time: two that name matches alike would trip over each other. */
export const lockCalendars = (tx: Tx, workspaceId: string) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('calendars'), hashtext(${workspaceId}))`

type Row = { id: string; groupId: string; name: string; rules: ServerRule[]; read: ReadSource; parts: CalendarParts }

/** What was just found good, and when to ask again; an address is sealed with the newest key each time. */
export function freshState(ctx: Ctx, { id, read: { url, validators }, parts }: Pick<Row, 'id' | 'read' | 'parts'>) {
  const nowMs = clockOf(ctx).now()
  const now = new Date(nowMs)
  return {
    etag: validators.etag,
    lastModified: validators.lastModified,
    refreshedAt: now,
    readAt: now,
    attemptedAt: now,
    nextAt: url === null ? null : new Date(nowMs + REFRESH_MS),
    lockedUntil: null,
    failures: 0,
    error: null,
    host: url?.host ?? null,
    ...(url && { source: parts.sealer.seal(url.href, calendarPlace(ctx.workspaceId, id)) as Prisma.InputJsonValue }),
  }
}

async function insert(tx: Tx, ctx: Ctx, row: Row): Promise<void> {
  const { id, groupId, name, rules } = row
  const data = { workspaceId: ctx.workspaceId, id, groupId, name, rules }
  const { count } = await tx.calendar.createMany({
    data: { ...data, createdAt: new Date(clockOf(ctx).now()), createdBy: actorId(ctx), ...freshState(ctx, row) },
    skipDuplicates: true,
  })
  if (count === 0)
    throw new ConflictError(
      `There is a calendar “${name}” here already. Import it again from its own row, or choose another name.`,
    )
}

async function update(tx: Tx, ctx: Ctx, row: Row): Promise<void> {
  const { id, groupId, rules } = row
  const { count } = await tx.calendar.updateMany({
    where: { workspaceId: ctx.workspaceId, id, groupId, removedAt: null },
    data: { rules, ...freshState(ctx, row) },
  })
  if (count === 0) throw new NotFoundError('calendar')
}
