import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { type Counts, countsOf } from './apply'
import { planFor } from './known'
import type { IcsCalendar, IcsProblem } from './parse-ics'
import type { Change, Plan } from './plan'
import { ServerRules } from './servers'
import { type CalendarParts, readSource, Source } from './source'

const Input = z.object({
  groupId: z.uuid(),
  source: Source,
  rules: ServerRules.default([]),
  calendarId: z.uuid().nullable().default(null),
})

export type Preview = {
  /** What the calendar calls itself. */
  name: string | null
  host: string | null
  seen: number
  inHorizon: number
  /** Entries from here on were left out: there are too many. */
  cutMs: number | null
  counts: Counts
  /** Without those that stay as they are; the first of them. */
  changes: Change[]
  problems: IcsProblem[]
  /** Of this very plan: what is imported is what was seen, or nothing. */
  fingerprint: string
}

const CHANGES_SHOWN = 300

/** What importing a calendar would change. Changes nothing. */
export async function previewCalendar({
  ctx,
  input,
  parts,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
  parts: CalendarParts
}): Promise<Preview> {
  requirePermission(ctx, 'group.update')
  const { groupId, source, rules, calendarId } = parseInput(Input, input)
  const { calendar, url } = await readSource(ctx, groupId, source, parts)
  const known = source.kind === 'known' ? source.calendarId : calendarId
  const plan = await inTenant(ctx, (tx) =>
    planFor(tx, ctx, { calendar, groupId, calendarId: known, rules, nowMs: clockOf(ctx).now() }),
  )
  return toPreview(calendar, url?.host ?? null, plan)
}

export const toPreview = (calendar: IcsCalendar, host: string | null, plan: Plan): Preview => ({
  name: calendar.name,
  host,
  seen: calendar.seen,
  inHorizon: calendar.inHorizon,
  cutMs: calendar.cutMs,
  counts: countsOf(plan),
  changes: plan.changes.filter(({ kind, kept }) => kind !== 'same' || kept.length > 0).slice(0, CHANGES_SHOWN),
  problems: calendar.problems,
  fingerprint: fingerprintOf(plan),
})

export const fingerprintOf = ({ changes }: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(changes.map(({ known, ...change }) => [change, known?.id ?? null])))
    .digest('hex')
