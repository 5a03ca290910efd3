'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { FormDialog } from '@/app/_ui/form-dialog'
import type { GroupView } from '@/server/trpc/routers/groups'
import type { MemberView } from '@/server/trpc/routers/members'
import { GrantFields, NO_GRANT, toGrant } from './grant-fields'

type Props = { workspace: string; member: MemberView; groups: GroupView[]; onClose: () => void }

export function GrantDialog({ workspace, member, groups, onClose }: Props) {
  const trpc = useTRPC()
  const refresh = useRefresh([trpc.members.list.queryKey({ workspace })])
  const [draft, setDraft] = useState(NO_GRANT)
  const grant = useMutation(
    trpc.members.grant.mutationOptions({
      onSuccess: async () => {
        await refresh()
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={`Grant a role to ${member.name}`}
      description="It holds from now on, on open pages as well."
      verb="Grant the role"
      isPending={grant.isPending}
      error={grant.error}
      onSubmit={() => grant.mutate({ workspace, id: member.id, grant: toGrant(draft) })}
      onClose={onClose}
    >
      <GrantFields grant={draft} groups={groups} onChange={setDraft} />
    </FormDialog>
  )
}
