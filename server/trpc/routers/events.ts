import { z } from 'zod'
import { formatId, ID_PREFIXES, parseId } from '../../core/ids'
import { importCalendar } from '../../services/calendars/import'
import { previewCalendar } from '../../services/calendars/preview'
import { refreshCalendar } from '../../services/calendars/refresh'
import { removeCalendar } from '../../services/calendars/remove'
import { createEvent } from '../../services/events/create'
import { followCalendar } from '../../services/events/follow-calendar'
import { getEvent } from '../../services/events/get'
import { listCalendar } from '../../services/events/list-calendar'
import { getReadiness } from '../../services/events/readiness'
import { updateEvent } from '../../services/events/update'
import { getMatch } from '../../services/matches/get'
import { isLive } from '../../services/schedule/is-live'
import type { Context } from '../context'
import { toCalendar, toEvent, toMatch, toPreview } from '../event-view'
import { idOf, router, workspaceProcedure } from '../init'

const ById = z.object({ id: idOf('grp') })
const CalendarById = z.object({ id: idOf('cal') })
const Name = z.string().max(200)
const Windows = z.array(z.object({ startsMs: z.number(), endsMs: z.number() })).max(100)

/** A server or a group, told apart by the prefix. */
const Target = z
  .string()
  .max(64)
  .transform((text) =>
    text.startsWith(`${ID_PREFIXES.node}_`)
      ? ({ kind: 'node', id: parseId('nd', text) } as const)
      : ({ kind: 'group', id: parseId('grp', text) } as const),
  )
const Rules = z
  .array(z.object({ field: z.enum(['title', 'location']), contains: z.string().max(200), target: Target }))
  .max(100)

/** Room for the largest file that is read, so that a larger one is refused with its own words. */
const TEXT_MAX = 16 * 1_024 * 1_024
const Source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), text: z.string().max(TEXT_MAX, 'The file is larger than 10 MB.') }),
  z.object({ kind: z.literal('url'), url: z.string().max(4_000) }),
  z.object({ kind: z.literal('known'), calendarId: idOf('cal') }),
])
const Reading = ById.extend({
  source: Source,
  rules: Rules.default([]),
  calendarId: idOf('cal').nullable().default(null),
})

const partsOf = (ctx: Context) => ({ sealer: ctx.sealer(), fetch: { allowCidrs: ctx.env.WEBHOOK_ALLOW_CIDRS } })

export const events = router({
  calendar: workspaceProcedure
    .input(z.object({ fromMs: z.int(), toMs: z.int() }))
    .query(async ({ ctx, input: { fromMs, toMs } }) =>
      toCalendar(await listCalendar({ ctx: ctx.verb, input: { fromMs, toMs } })),
    ),
  get: workspaceProcedure
    .input(ById)
    .query(async ({ ctx, input: { id } }) => toEvent(await getEvent({ ctx: ctx.verb, input: { id } }))),
  isLive: workspaceProcedure.input(ById).query(({ ctx, input: { id } }) => isLive({ ctx: ctx.verb, input: { id } })),
  readiness: workspaceProcedure
    .input(ById)
    .query(({ ctx, input: { id } }) => getReadiness({ ctx: ctx.verb, input: { id } })),
  create: workspaceProcedure
    .input(
      z.object({
        kind: z.enum(['event', 'stage', 'match']),
        name: Name,
        parentId: idOf('grp').nullable().default(null),
        timeZone: z.string().max(100).nullable().default(null),
        audienceTimes: z.number().nullable().default(null),
        windows: Windows.default([]),
        nodeIds: z.array(idOf('nd')).max(1_000).default([]),
      }),
    )
    .mutation(async ({ ctx, input: { workspace: _, ...input } }) => {
      const { id } = await createEvent({ ctx: ctx.verb, input })
      return { id: formatId('grp', id) }
    }),
  update: workspaceProcedure
    .input(
      ById.extend({
        name: Name.optional(),
        parentId: idOf('grp').nullable().optional(),
        timeZone: z.string().max(100).nullable().optional(),
        audienceTimes: z.number().nullable().optional(),
        windows: Windows.optional(),
        nodeIds: z.array(idOf('nd')).max(1_000).optional(),
      }),
    )
    .mutation(({ ctx, input: { workspace: _, ...input } }) => updateEvent({ ctx: ctx.verb, input })),
  followCalendar: workspaceProcedure
    .input(ById)
    .mutation(({ ctx, input: { id } }) => followCalendar({ ctx: ctx.verb, input: { id } })),
  previewCalendar: workspaceProcedure
    .input(Reading)
    .mutation(async ({ ctx, input: { id: groupId, source, rules, calendarId } }) =>
      toPreview(
        await previewCalendar({ ctx: ctx.verb, input: { groupId, source, rules, calendarId }, parts: partsOf(ctx) }),
      ),
    ),
  importCalendar: workspaceProcedure
    .input(Reading.extend({ name: Name, fingerprint: z.string().max(100) }))
    .mutation(async ({ ctx, input: { workspace: _, id: groupId, ...input } }) => {
      const { id, counts } = await importCalendar({ ctx: ctx.verb, input: { groupId, ...input }, parts: partsOf(ctx) })
      return { id: formatId('cal', id), counts }
    }),
  refreshCalendar: workspaceProcedure
    .input(CalendarById)
    .mutation(({ ctx, input: { id } }) => refreshCalendar({ ctx: ctx.verb, input: { id }, parts: partsOf(ctx) })),
  removeCalendar: workspaceProcedure
    .input(CalendarById.extend({ withMatches: z.boolean() }))
    .mutation(({ ctx, input: { id, withMatches } }) => removeCalendar({ ctx: ctx.verb, input: { id, withMatches } })),
  /** One match, for its own page. */
  match: workspaceProcedure
    .input(ById)
    .query(async ({ ctx, input: { id } }) => toMatch(await getMatch({ ctx: ctx.verb, input: { id } }))),
})
