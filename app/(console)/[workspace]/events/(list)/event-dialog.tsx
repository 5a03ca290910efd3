'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPCClient } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, INPUT } from '@/app/_ui/field'
import { draftOf, readDraft, ScheduleFields } from '../_event/schedule-fields'

type Props = { workspace: string; ownZone: string; onClose: () => void }

/** A new event with its first times; its page opens next, for matches and servers. */
export function EventDialog({ workspace, ownZone, onClose }: Props) {
  const client = useTRPCClient()
  const router = useRouter()
  const [name, setName] = useState('')
  const [draft, setDraft] = useState(() => ({
    ...draftOf({ timeZone: ownZone, audienceTimes: null, windows: [] }, ownZone),
    windows: [{ key: 0, start: '', end: '' }],
  }))
  const create = useMutation({
    mutationFn: () => client.events.create.mutate({ workspace, kind: 'event', name, ...readDraft(draft, ownZone) }),
    onSuccess: ({ id }) => router.push(`/${workspace}/events/${id}`),
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Add an event"
      description="Its matches and servers come next, by hand or from a calendar."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Field label="Name">
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={80}
            placeholder="Spring Major"
            className={INPUT}
          />
        </Field>
        <ScheduleFields draft={draft} inherited={{ zone: ownZone, audience: 1, isOwn: true }} onChange={setDraft} />
        <p role="alert" className="min-h-5 text-attack">
          {create.error?.message}
        </p>
        <div>
          <Button kind="primary" type="submit" disabled={create.isPending || create.isSuccess}>
            Add the event
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
