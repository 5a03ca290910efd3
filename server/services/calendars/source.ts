import { z } from 'zod'
import { NotFoundError, UnavailableError, ValidationError } from '../../core/errors'
import type { Sealer } from '../../core/seal'
import { type Ctx, clockOf, inTenant } from '../context'
import { readSchedule } from '../schedule/read'
import { toTree, zoneOf } from '../schedule/schedule'
import { CalendarUnreachable, type FetchOptions, fetchIcs, readAddress, type Validators } from './fetch-ics'
import { ICS_BYTES_MAX, type IcsCalendar, parseIcs } from './parse-ics'

/** What fetching needs beside the verb's own input. */
export type CalendarParts = { sealer: Sealer; fetch: FetchOptions }

export const calendarPlace = (workspaceId: string, calendarId: string): string =>
  `${workspaceId}/calendar/${calendarId}`

/** A file's text, an address, or the address of a calendar that is there already. */
export const Source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), text: z.string() }),
  z.object({ kind: z.literal('url'), url: z.string().trim().min(1, 'give its address').max(2_000) }),
  z.object({ kind: z.literal('known'), calendarId: z.uuid() }),
])
export type Source = z.output<typeof Source>

export type ReadSource = {
  calendar: IcsCalendar
  /** Null: a file. */
  url: URL | null
  validators: Validators
}

const NO_VALIDATORS: Validators = { etag: null, lastModified: null }

/** The calendar as it is at this moment, before any transaction: it may take seconds. */
export async function readSource(ctx: Ctx, groupId: string, source: Source, parts: CalendarParts): Promise<ReadSource> {
  const { zone, kept } = await inTenant(ctx, async (tx) => {
    const tree = toTree(await readSchedule(ctx, tx))
    requireHolder(tree.get(groupId)?.kind)
    if (source.kind !== 'known') return { zone: zoneOf(tree, groupId), kept: null }
    const row = await tx.calendar.findFirst({
      where: { workspaceId: ctx.workspaceId, id: source.calendarId, removedAt: null },
      select: { source: true },
    })
    if (!row) throw new NotFoundError('calendar')
    if (row.source === null)
      throw new ValidationError('This calendar came from a file. Choose the file again, newer or the same.', 'source')
    return { zone: zoneOf(tree, groupId), kept: row.source }
  })
  const options = { nowMs: clockOf(ctx).now(), zone }
  if (source.kind === 'file') {
    if (Buffer.byteLength(source.text) > ICS_BYTES_MAX)
      throw new ValidationError(
        `The file is larger than ${ICS_BYTES_MAX / 1_024 / 1_024} MB. Export a shorter span.`,
        'text',
      )
    return { calendar: await parseIcs(source.text, options), url: null, validators: NO_VALIDATORS }
  }
  const url =
    source.kind === 'url' ? asInput(() => readAddress(source.url)) : openAddress(ctx, source.calendarId, kept, parts)
  const fetched = await fetchIcs(url, null, parts.fetch).catch((error: unknown) => {
    if (error instanceof CalendarUnreachable) throw new UnavailableError(error.message, { cause: error })
    throw error
  })
  if (fetched.kind === 'unchanged') throw new UnavailableError(`${url.host} said only that nothing changed. Try again.`)
  return { calendar: await parseIcs(fetched.text, options), url, validators: fetched.validators }
}

export function openAddress({ workspaceId }: Ctx, calendarId: string, kept: unknown, { sealer }: CalendarParts): URL {
  return new URL(z.string().parse(sealer.open(kept, calendarPlace(workspaceId, calendarId))))
}

function asInput<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof CalendarUnreachable) throw new ValidationError(error.message, 'url')
    throw error
  }
}

/** Matches lie in an event or a stage. */
function requireHolder(kind: string | undefined): void {
  if (kind === undefined) throw new NotFoundError('event')
  if (kind !== 'event' && kind !== 'stage')
    throw new ValidationError('Matches are imported into an event or a stage. Choose one of these.', 'groupId')
}
