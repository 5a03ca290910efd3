'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { inTreeOrder, pathOf } from '@/app/_lib/group-kinds'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, INPUT } from '@/app/_ui/field'
import { Segments } from '@/app/_ui/segments'
import { useToast } from '@/app/_ui/toast'
import type { EventCalendarView, EventView, PreviewView } from '@/server/trpc/event-view'
import type { EventProps } from './event-page'
import { ImportPreview } from './import-preview'
import { type RuleDraft, ServerRules } from './server-rules'

type Props = EventProps & {
  view: EventView
  /** Null: a new one. */
  calendar: EventCalendarView | null
  nowMs: number
  onClose: () => void
}

type Source = { kind: 'file'; text: string } | { kind: 'url'; url: string } | { kind: 'known'; calendarId: string }

const FILE_BYTES_MAX = 10 * 1_024 * 1_024

/** A calendar, which servers its matches play on, and what importing it would change: nothing is done before that was seen. */
export function ImportDialog({ workspace, nodes, view, calendar, onClose }: Props) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const toast = useToast()
  const { data: groups = [] } = useQuery(trpc.groups.list.queryOptions({ workspace }))
  const [kind, setKind] = useState<'file' | 'url'>(calendar !== null && calendar.host === null ? 'file' : 'url')
  const [file, setFile] = useState<File | null>(null)
  const [url, setUrl] = useState('')
  const [name, setName] = useState(calendar?.name ?? '')
  const [rules, setRules] = useState<RuleDraft[]>(() => (calendar?.rules ?? []).map((rule, key) => ({ ...rule, key })))
  const isKnownAddress = calendar !== null && calendar.host !== null
  // A match lies where its calendar was first imported to, also when that is a stage of this event.
  const id = calendar?.groupId ?? view.event.id

  const reading = async () => {
    const source = await readSource()
    const kept = rules.filter(({ contains, target }) => contains.trim() !== '' && target !== '')
    return {
      workspace,
      id,
      source,
      rules: kept.map(({ field, contains, target }) => ({ field, contains, target })),
      calendarId: calendar?.id ?? null,
    }
  }
  const readSource = async (): Promise<Source> => {
    if (isKnownAddress) return { kind: 'known', calendarId: calendar.id }
    if (kind === 'url') return { kind, url }
    if (!file) throw new Error('Choose a file first.')
    if (file.size > FILE_BYTES_MAX) throw new Error('The file is larger than 10 MB. Export a shorter span.')
    return { kind, text: await file.text() }
  }
  const preview = useMutation({
    mutationFn: async () => client.events.previewCalendar.mutate(await reading()),
    onSuccess: (seen) => {
      if (name.trim() === '') setName(seen.name ?? seen.host ?? file?.name ?? 'Calendar')
    },
  })
  const save = useMutation({
    mutationFn: async ({ fingerprint }: PreviewView) =>
      client.events.importCalendar.mutate({ ...(await reading()), name, fingerprint }),
    onSuccess: async ({ counts }) => {
      await queries.invalidateQueries({ queryKey: trpc.events.get.queryKey({ workspace, id: view.event.id }) })
      await queries.invalidateQueries({ queryKey: trpc.events.readiness.queryKey({ workspace, id: view.event.id }) })
      onClose()
      toast({
        title: `${name} is imported`,
        text: `${counts.added} added, ${counts.changed} changed, ${counts.cancelled + counts.withdrawn} taken away.`,
      })
    },
  })
  const again = () => {
    preview.reset()
    save.reset()
  }
  const seen = preview.data
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      isWide
      title={calendar === null ? 'Import a calendar' : `Import ${calendar.name} anew`}
      description={`Its matches come into ${view.event.name}. You see what would change before anything does.`}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.reset()
          preview.mutate()
        }}
      >
        {isKnownAddress ? (
          <p className="text-soft">From {calendar.host}, asked again now.</p>
        ) : (
          <div className="flex flex-col gap-3">
            {calendar === null ? (
              <div className="flex">
                <Segments
                  label="From"
                  options={[
                    { value: 'url', words: 'An address' },
                    { value: 'file', words: 'A file' },
                  ]}
                  value={kind}
                  onChange={(value) => {
                    setKind(value as typeof kind)
                    again()
                  }}
                />
              </div>
            ) : null}
            {kind === 'url' ? (
              <Field label="Address" hint="Of an ICS calendar. It is kept encrypted and asked every ten minutes.">
                <input
                  value={url}
                  onChange={(event) => {
                    setUrl(event.target.value)
                    again()
                  }}
                  required
                  inputMode="url"
                  autoComplete="off"
                  placeholder="https://league.example/matches.ics"
                  className={INPUT}
                />
              </Field>
            ) : (
              <Field label="File" hint="An .ics file of at most 10 MB.">
                <input
                  type="file"
                  accept=".ics,text/calendar"
                  required
                  onChange={(event) => {
                    setFile(event.target.files?.[0] ?? null)
                    again()
                  }}
                  className="h-9 w-full rounded-md border border-line-strong bg-surface px-2 py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-hover file:px-2 file:text-ink"
                />
              </Field>
            )}
          </div>
        )}
        <ServerRules
          rules={rules}
          nodes={nodes}
          groups={inTreeOrder(groups)
            .filter(({ kind: one }) => one === 'region' || one === 'role')
            .map((group) => ({ id: group.id, name: pathOf(groups, group.id) }))}
          onChange={(next) => {
            setRules(next)
            again()
          }}
        />
        {seen ? <ImportPreview seen={seen} zone={view.event.zone} nodes={nodes} /> : null}
        <p role="alert" className="text-attack empty:hidden">
          {preview.error?.message ?? save.error?.message}
        </p>
        <div className="flex flex-wrap items-end gap-3">
          {seen && !save.error ? (
            <>
              {calendar === null ? (
                <div className="min-w-52 flex-1">
                  <Field label="Name of the calendar">
                    <input
                      value={name}
                      onChange={(event) => setName(event.target.value)}
                      required
                      maxLength={80}
                      className={INPUT}
                    />
                  </Field>
                </div>
              ) : null}
              <Button
                kind="primary"
                className="!h-9"
                disabled={save.isPending || name.trim() === ''}
                onClick={() => save.mutate(seen)}
              >
                {save.isPending ? 'Importing' : 'Import this'}
              </Button>
            </>
          ) : (
            <Button kind="primary" type="submit" disabled={preview.isPending}>
              {preview.isPending ? 'Reading the calendar' : save.error ? 'Look again' : 'Show what would change'}
            </Button>
          )}
          <Button kind="quiet" className="!h-9" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
