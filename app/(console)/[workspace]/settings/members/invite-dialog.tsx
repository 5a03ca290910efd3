'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { Field, INPUT } from '@/app/_ui/field'
import { FormDialog } from '@/app/_ui/form-dialog'
import { useToast } from '@/app/_ui/toast'
import type { GroupView } from '@/server/trpc/routers/groups'
import { GrantFields, NO_GRANT, toGrant } from './grant-fields'

type Props = { workspace: string; groups: GroupView[]; onClose: () => void }

/** Somebody's address and what they may. */
export function InviteDialog({ workspace, groups, onClose }: Props) {
  const trpc = useTRPC()
  const refresh = useRefresh([trpc.members.invites.queryKey({ workspace })])
  const toast = useToast()
  const [email, setEmail] = useState('')
  const [grant, setGrant] = useState(NO_GRANT)
  const invite = useMutation(
    trpc.members.invite.mutationOptions({
      onSuccess: async () => {
        await refresh()
        onClose()
        toast({ title: `${email} is invited`, text: 'The link in our mail is good for a week, once.' })
      },
    }),
  )
  return (
    <FormDialog
      title="Invite somebody"
      description="They get a mail with a link. Seats are unlimited and cost nothing."
      verb="Send the invitation"
      isPending={invite.isPending}
      error={invite.error}
      onSubmit={() => invite.mutate({ workspace, email, grant: toGrant(grant) })}
      onClose={onClose}
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
    </FormDialog>
  )
}
