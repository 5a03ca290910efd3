'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import type { GroupView } from '@/server/trpc/routers/groups'
import type { MemberView } from '@/server/trpc/routers/members'
import { GrantFields, NO_GRANT, toGrant } from './grant-fields'

type Props = { workspace: string; member: MemberView; groups: GroupView[]; onClose: () => void }

export function GrantDialog({ workspace, member, groups, onClose }: Props) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(NO_GRANT)
  const grant = useMutation(
    trpc.members.grant.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.members.list.queryKey({ workspace }) })
        onClose()
      },
    }),
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Grant a role to ${member.name}`}
      description="It holds from now on, on open pages as well."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          grant.mutate({ workspace, id: member.id, grant: toGrant(draft) })
        }}
      >
        <GrantFields grant={draft} groups={groups} onChange={setDraft} />
        <p role="alert" className="min-h-5 text-attack">
          {grant.error?.message}
        </p>
        <div>
          <Button kind="primary" type="submit" disabled={grant.isPending}>
            Grant the role
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
