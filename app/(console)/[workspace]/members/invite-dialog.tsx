'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, INPUT } from '@/app/_ui/field'
import { useToast } from '@/app/_ui/toast'
import type { GroupView } from '@/server/trpc/routers/groups'
import { GrantFields, NO_GRANT, toGrant } from './grant-fields'

type Props = { workspace: string; groups: GroupView[]; onClose: () => void }

/** Somebody's address and what they may. */
export function InviteDialog({ workspace, groups, onClose }: Props) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const toast = useToast()
  const [email, setEmail] = useState('')
  const [grant, setGrant] = useState(NO_GRANT)
  const invite = useMutation(
    trpc.members.invite.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.members.invites.queryKey({ workspace }) })
        onClose()
        toast({ title: `${email} is invited`, text: 'The link in our mail is good for a week, once.' })
      },
    }),
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Invite somebody"
      description="They get a mail with a link. Seats are unlimited and cost nothing."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          invite.mutate({ workspace, email, grant: toGrant(grant) })
        }}
      >
        <Field label="Email">
          <input
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoComplete="off"
            className={INPUT}
          />
        </Field>
        <GrantFields grant={grant} groups={groups} onChange={setGrant} />
        <p role="alert" className="min-h-5 text-attack">
          {invite.error?.message}
        </p>
        <div>
          <Button kind="primary" type="submit" disabled={invite.isPending}>
            Send the invitation
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
