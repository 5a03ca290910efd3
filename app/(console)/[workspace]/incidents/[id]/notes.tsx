'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import type { NoteView } from '@/server/trpc/incident-notes'

type Props = { workspace: string; incidentId: string; notes: NoteView[]; mayWrite: boolean }

/** What people wrote beside the incident; one's own can be changed and taken away. */
export function Notes({ workspace, incidentId, notes, mayWrite }: Props) {
  return (
    <div className="flex flex-col gap-4">
      {notes.length === 0 ? (
        <p className="text-soft">
          No notes yet. What you know and the figures do not, who called whom, what was agreed: it stands here for
          everybody who may read this incident, and in its report.
        </p>
      ) : (
        <ol className="flex flex-col">
          {notes.map((note) => (
            <Note key={note.id} workspace={workspace} incidentId={incidentId} note={note} />
          ))}
        </ol>
      )}
      {mayWrite ? <NewNote workspace={workspace} incidentId={incidentId} /> : null}
    </div>
  )
}

function useSettled(workspace: string, incidentId: string) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: trpc.incidents.get.queryKey({ workspace, id: incidentId }) })
}

const AREA = 'min-h-20 w-full rounded-md border border-line-strong bg-surface px-3 py-2 placeholder:text-faint'
const TEXT_MAX = 4_000

/** The same note sent twice is one: its id is made before it is sent. `randomUUID` is missing where a page came without TLS. */
function newNoteId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return `note_${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function NewNote({ workspace, incidentId }: { workspace: string; incidentId: string }) {
  const client = useTRPCClient()
  const settled = useSettled(workspace, incidentId)
  const [text, setText] = useState('')
  const [noteId, setNoteId] = useState<string | null>(null)
  const add = useMutation({
    mutationFn: () => {
      const id = noteId ?? newNoteId()
      setNoteId(id)
      return client.notes.add.mutate({ workspace, id: incidentId, noteId: id, text })
    },
    onSuccess: async () => {
      setText('')
      setNoteId(null)
      await settled()
    },
  })
  return (
    <NoteForm
      label="New note"
      text={text}
      onChange={setText}
      action="Add the note"
      isPending={add.isPending}
      error={add.error?.message}
      onSubmit={() => add.mutate()}
    />
  )
}

type FormProps = {
  label: string
  text: string
  onChange: (text: string) => void
  action: string
  isPending: boolean
  error: string | undefined
  onSubmit: () => void
  onCancel?: () => void
}

function NoteForm({ label, text, onChange, action, isPending, error, onSubmit, onCancel }: FormProps) {
  const isEmpty = text.trim() === ''
  return (
    <form
      className="flex flex-col items-start gap-2"
      data-noprint
      onSubmit={(event) => {
        event.preventDefault()
        if (!isEmpty && !isPending) onSubmit()
      }}
    >
      <textarea
        aria-label={label}
        value={text}
        maxLength={TEXT_MAX}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel?.()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
        }}
        placeholder="What should stand beside this incident?"
        className={AREA}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={isEmpty || isPending}>
          {action}
        </Button>
        {onCancel ? (
          <Button kind="quiet" onClick={onCancel}>
            Cancel
          </Button>
        ) : null}
        <span className="text-sm text-faint">
          {text.length > TEXT_MAX - 200 ? `${TEXT_MAX - text.length} characters left` : 'Ctrl+Enter does the same'}
        </span>
      </div>
      {error ? (
        <p role="alert" className="text-attack">
          {error}
        </p>
      ) : null}
    </form>
  )
}

function Note({ workspace, incidentId, note }: { workspace: string; incidentId: string; note: NoteView }) {
  const client = useTRPCClient()
  const toast = useToast()
  const settled = useSettled(workspace, incidentId)
  const [edited, setEdited] = useState<string | null>(null)
  const failed = (error: Error) => toast({ title: 'The note was not changed', text: error.message })
  const restore = useMutation({
    mutationFn: () => client.notes.restore.mutate({ workspace, id: note.id }),
    onSuccess: settled,
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: () => client.notes.remove.mutate({ workspace, id: note.id }),
    onSuccess: async () => {
      toast({ title: 'Note removed', text: 'It can be brought back for ten minutes.', undo: () => restore.mutate() })
      await settled()
    },
    onError: failed,
  })
  const edit = useMutation({
    mutationFn: (text: string) => client.notes.edit.mutate({ workspace, id: note.id, text }),
    onSuccess: async () => {
      await settled()
      setEdited(null)
    },
  })
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2.5 first:pt-0 last:border-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <span>
          <span className="font-medium">{note.author ?? 'Somebody who has left'}</span>{' '}
          <span className="text-sm text-faint">
            <Time atMs={note.atMs} form="today" />
            {note.editedMs === null ? '' : ', edited'}
          </span>
        </span>
        {note.isOwn && edited === null ? (
          <span className="-my-1 -mr-2 flex" data-noprint>
            <Button kind="quiet" onClick={() => setEdited(note.text)}>
              Edit<span className="sr-only"> your note</span>
            </Button>
            <Button kind="quiet" onClick={() => remove.mutate()} disabled={remove.isPending}>
              Remove<span className="sr-only"> your note</span>
            </Button>
          </span>
        ) : null}
      </div>
      {edited === null ? (
        <p dir="auto" className="max-w-[68ch] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {note.text}
        </p>
      ) : (
        <NoteForm
          label="Your note"
          text={edited}
          onChange={setEdited}
          action="Save"
          isPending={edit.isPending}
          error={edit.error?.message}
          onSubmit={() => edit.mutate(edited)}
          onCancel={() => setEdited(null)}
        />
      )}
    </li>
  )
}
