'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { useToast } from '@/app/_ui/toast'
import type { EventGroupView } from '@/server/trpc/event-view'
import { NodeChoice } from '../../groups/group-dialog'
import { draftOf, readDraft, ScheduleFields } from '../_event/schedule-fields'
import type { EventProps } from './event-page'

type Kind = 'event' | 'stage' | 'match'

type Props = EventProps & {
  eventId: string
  kind: Kind
  /** Null: a new one. */
  group: EventGroupView | null
  /** What a new one lies in, and gets its zone and audience from. */
  holder?: { id: string; zone: string; audience: number }
  onDone: () => void
}

const WORDS: Record<Kind, string> = { event: 'event', stage: 'stage', match: 'match' }

/** Name, times and servers of an event, stage or match, where it stands. */
export function GroupForm({ workspace, nodes, eventId, kind, group, holder, onDone }: Props) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const router = useRouter()
  const toast = useToast()
  const zone = group?.zone ?? holder?.zone ?? 'UTC'
  const [name, setName] = useState(group?.name ?? '')
  const [draft, setDraft] = useState(() => draftOf(group ?? { timeZone: null, audienceTimes: null, windows: [] }, zone))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(group?.nodeIds))
  const settled = async () => {
    await Promise.all(
      [
        trpc.events.get.queryKey({ workspace, id: eventId }),
        trpc.events.readiness.queryKey({ workspace, id: eventId }),
      ].map((queryKey) => queries.invalidateQueries({ queryKey })),
    )
    onDone()
  }
  const save = useMutation({
    mutationFn: async () => {
      const fields = { workspace, name, ...readDraft(draft, zone), nodeIds: [...chosen] }
      if (group) await client.events.update.mutate({ ...fields, id: group.id })
      else await client.events.create.mutate({ ...fields, kind, parentId: holder?.id ?? null })
    },
    onSuccess: settled,
  })
  const archive = useMutation({
    mutationFn: async () => {
      if (group) await client.groups.archive.mutate({ workspace, id: group.id })
    },
    onSuccess: async () => {
      toast({ title: `${name} is archived`, text: 'Its servers stay in the fleet. What was granted for it ended.' })
      if (kind === 'event') router.push(`/${workspace}/events`)
      else await settled()
    },
  })
  const follow = useMutation({
    mutationFn: async () => {
      if (group) await client.events.followCalendar.mutate({ workspace, id: group.id })
    },
    onSuccess: settled,
  })
  const error = save.error ?? archive.error ?? follow.error
  const isBusy = save.isPending || archive.isPending || follow.isPending
  return (
    <form
      aria-label={group ? `Edit ${group.name}` : `Add a ${WORDS[kind]}`}
      className="grid max-w-5xl gap-x-10 gap-y-4 py-2 lg:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Field label="Name">
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={80}
            placeholder={kind === 'stage' ? 'Playoffs' : 'Match 3'}
            className={INPUT}
          />
        </Field>
        <ScheduleFields
          draft={draft}
          inherited={{ zone, audience: group?.audience ?? holder?.audience ?? 1, isOwn: kind === 'event' }}
          onChange={setDraft}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <NodeChoice nodes={nodes} chosen={chosen} onChange={setChosen} />
        {group?.imported && group.imported.changed.length > 0 ? (
          <p className="text-soft">
            Changed by hand: {group.imported.changed.join(', ')}. The calendar does not touch that.{' '}
            <button
              type="button"
              disabled={isBusy}
              onClick={() => follow.mutate()}
              className="font-medium text-accent underline underline-offset-2"
            >
              Follow the calendar again
            </button>
          </p>
        ) : null}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 lg:col-span-2">
        <Button kind="primary" type="submit" disabled={isBusy}>
          {group ? 'Save' : `Add the ${WORDS[kind]}`}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
        <p role="alert" className="min-h-5 min-w-0 flex-1 text-attack">
          {error?.message}
        </p>
        {group ? <Archive name={group.name} kind={kind} isBusy={isBusy} onArchive={() => archive.mutate()} /> : null}
      </div>
    </form>
  )
}

/** Asked twice: an event takes everything in it along. */
function Archive({
  name,
  kind,
  isBusy,
  onArchive,
}: {
  name: string
  kind: Kind
  isBusy: boolean
  onArchive: () => void
}) {
  const [isAsked, setIsAsked] = useState(false)
  if (!isAsked)
    return (
      <Button kind="plain" disabled={isBusy} onClick={() => setIsAsked(true)}>
        Archive
      </Button>
    )
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="text-soft">{kind === 'match' ? 'Archive it?' : `Archive ${name} with everything in it?`}</span>
      <Button kind="plain" disabled={isBusy} onClick={onArchive}>
        Yes, archive
      </Button>
      <Button kind="quiet" onClick={() => setIsAsked(false)}>
        No
      </Button>
    </span>
  )
}
