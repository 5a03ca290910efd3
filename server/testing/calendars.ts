import { formatId, newId } from '../core/ids'
import { createSealer } from '../core/seal'
import { inWorkspace } from '../db/tenant'
import { importCalendar } from '../services/calendars/import'
import { previewCalendar } from '../services/calendars/preview'
import type { ServerRule } from '../services/calendars/servers'
import { type CalendarParts, calendarPlace } from '../services/calendars/source'
import type { Ctx } from '../services/context'
import type { TestWorkspace } from './factories'
import { icsOf } from './ics'

export const CALENDAR_PARTS: CalendarParts = {
  sealer: createSealer(['a key of this test with thirty-two characters']),
  fetch: { allowCidrs: ['127.0.0.1/32'], timeoutMs: 3_000 },
}

type Given = {
  ctx: Ctx
  groupId: string
  name?: string
  rules?: ServerRule[]
  calendarId?: string | null
  parts?: CalendarParts
}

/** Looks at a calendar and agrees to what is shown. */
export async function importText(text: string, { ctx, groupId, name = 'League', ...more }: Given) {
  const { parts = CALENDAR_PARTS, ...reading } = { source: { kind: 'file' as const, text }, ...more }
  const { fingerprint } = await previewCalendar({ ctx, input: { groupId, ...reading }, parts })
  return importCalendar({ ctx, input: { groupId, name, fingerprint, ...reading }, parts })
}

/** A calendar by address, as it is kept: nothing has been read from it yet. */
export async function addCalendar(workspace: TestWorkspace, groupId: string, url: string): Promise<string> {
  const id = newId()
  const source = CALENDAR_PARTS.sealer.seal(url, calendarPlace(workspace.id, id))
  const now = new Date()
  const row = {
    workspaceId: workspace.id,
    id,
    groupId,
    name: newId(),
    source,
    createdAt: now,
    createdBy: 'test',
    nextAt: now,
  }
  await inWorkspace(workspace.asJob.db, workspace.id, (tx) => tx.calendar.createMany({ data: row }))
  return id
}

/** A match that a calendar brought. */
export async function addImportedMatch(workspace: TestWorkspace): Promise<string> {
  const groupId = await workspace.addGroup(newId(), [], { kind: 'event' })
  const text = icsOf([{ uid: newId(), title: 'Semi-final', startsMs: Date.now() + 3_600_000 }])
  await importText(text, { ctx: workspace.asJob, groupId })
  const rows = await inWorkspace(workspace.asJob.db, workspace.id, (tx) =>
    tx.calendarEntry.findMany({ where: { calendar: { groupId } } }),
  )
  return formatId('grp', rows[0]?.groupId as string)
}
