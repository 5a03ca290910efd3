'use client'
import { useMutation } from '@tanstack/react-query'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { FormDialog } from '@/app/_ui/form-dialog'
import type { MemberView } from '@/server/trpc/routers/members'

type Props = { workspace: string; grant: MemberView['grants'][number]; onClose: () => void }

/** Asks before somebody gives up a role of their own: they may lack the right to take it back. */
export function GiveUpDialog({ workspace, grant, onClose }: Props) {
  const trpc = useTRPC()
  const refresh = useRefresh([trpc.members.list.queryKey({ workspace })])
  const revoke = useMutation(
    trpc.members.revokeGrant.mutationOptions({
      onSuccess: async () => {
        onClose()
        await refresh()
      },
    }),
  )
  const name = ROLE_WORDS[grant.role].name.toLowerCase()
  return (
    <FormDialog
      title={`Give up your own role ${name}?`}
      description="It ends at once. Unless another role of yours lets you, somebody else has to give it back."
      verb="Give it up"
      isPending={revoke.isPending}
      error={revoke.error}
      onSubmit={() => revoke.mutate({ workspace, id: grant.id })}
      onClose={onClose}
    />
  )
}
