import { z } from 'zod'
import { NotFoundError, TidegateError, ValidationError } from '../../core/errors'
import { DAY_MS, HOUR_MS } from '../../core/units'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { readSchedule } from '../schedule/read'
import { toTree, zoneOf } from '../schedule/schedule'
import { writeAudit } from '../write-audit'
import { applyPlan, countsOf } from './apply'
import { CalendarUnreachable, fetchIcs } from './fetch-ics'
import { freshState, lockCalendars, REFRESH_MS } from './import'
import { planFor } from './known'
import { type IcsCalendar, parseIcs } from './parse-ics'
import { ServerRules } from './servers'
import { type CalendarParts, openAddress } from './source'

const Input = z.object({ id: z.uuid() })

export type Refreshed = { isGood: boolean; error: string | null }

/**
 * Asks a calendar's address again and follows what changed. When it cannot be had or read, everything stays as it was last
 * good, and the row says since when and why.
 */
export async function refreshCalendar({
  ctx,
  input,
  parts,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
  parts: CalendarParts
}): Promise<Refreshed> {
  requirePermission(ctx, 'group.update')
  const { id } = parseInput(Input, input)
  const row = await readRow(ctx, id)
  try {
    await follow(ctx, row, parts)
    return { isGood: true, error: null }
  } catch (error) {
    if (!(error instanceof CalendarUnreachable || error instanceof TidegateError)) throw error
    await noteFailure(ctx, row, error.message)
    return { isGood: false, error: error.message }
  }
}

type Row = Awaited<ReturnType<typeof readRow>>

async function readRow(ctx: Ctx, id: string) {
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const row = await tx.calendar.findFirst({ where: { workspaceId, id, removedAt: null } })
    if (!row) throw new NotFoundError('calendar')
    if (row.source === null)
      throw new ValidationError('This calendar came from a file. Import the newer file instead.', 'id')
    return { ...row, zone: zoneOf(toTree(await readSchedule(ctx, tx)), row.groupId) }
  })
}

async function follow(ctx: Ctx, row: Row, parts: CalendarParts): Promise<void> {
  const nowMs = clockOf(ctx).now()
  const url = openAddress(ctx, row.id, row.source, parts)
  // Once a day it is read whole although nothing changed: the horizon moved on.
  const isRecent = row.readAt !== null && nowMs - row.readAt.getTime() < DAY_MS
  const validators = { etag: row.etag, lastModified: row.lastModified }
  const fetched = await fetchIcs(url, isRecent ? validators : null, parts.fetch)
  if (fetched.kind === 'unchanged') return noteUnchanged(ctx, row)
  const calendar = await parseIcs(fetched.text, { nowMs, zone: row.zone })
  await store(
    ctx,
    row,
    calendar,
    freshState(ctx, { id: row.id, read: { calendar, url, validators: fetched.validators }, parts }),
  )
}

async function store(ctx: Ctx, { id, groupId, rules }: Row, calendar: IcsCalendar, fresh: object): Promise<void> {
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    await lockCalendars(tx, workspaceId)
    const { count } = await tx.calendar.updateMany({ where: { workspaceId, id, removedAt: null }, data: fresh })
    if (count === 0) throw new NotFoundError('calendar')
    const plan = await planFor(tx, ctx, {
      calendar,
      groupId,
      calendarId: id,
      rules: ServerRules.parse(rules),
      nowMs: clockOf(ctx).now(),
    })
    await applyPlan(tx, ctx, { calendarId: id, groupId }, plan)
    const counts = countsOf(plan)
    if (counts.added + counts.changed + counts.cancelled + counts.withdrawn === 0) return
    await writeAudit(tx, ctx, { action: 'calendar.refresh', subject: { kind: 'calendar', id }, after: counts })
  })
}

async function noteUnchanged(ctx: Ctx, { id }: Row): Promise<void> {
  const nowMs = clockOf(ctx).now()
  const now = new Date(nowMs)
  await inTenant(ctx, (tx) =>
    tx.calendar.updateMany({
      where: { workspaceId: ctx.workspaceId, id, removedAt: null },
      data: {
        refreshedAt: now,
        attemptedAt: now,
        nextAt: new Date(nowMs + REFRESH_MS),
        lockedUntil: null,
        failures: 0,
        error: null,
      },
    }),
  )
}

/** Asked again after ten minutes, then less and less often, once in six hours at least. */
async function noteFailure(ctx: Ctx, { id, failures }: Row, error: string): Promise<void> {
  const nowMs = clockOf(ctx).now()
  const waitMs = Math.min(REFRESH_MS * 2 ** Math.min(failures, 10), 6 * HOUR_MS)
  await inTenant(ctx, async (tx) => {
    await tx.calendar.updateMany({
      where: { workspaceId: ctx.workspaceId, id, removedAt: null },
      data: {
        attemptedAt: new Date(nowMs),
        nextAt: new Date(nowMs + waitMs),
        lockedUntil: null,
        failures: { increment: 1 },
        error: error.slice(0, 500),
      },
    })
    if (failures === 0)
      await writeAudit(tx, ctx, { action: 'calendar.fail', subject: { kind: 'calendar', id }, after: { error } })
  })
}
