'use client'
import { useMutation } from '@tanstack/react-query'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { useTRPC } from '@/app/_lib/trpc'
import { useSettle } from '@/app/_lib/use-settle'
import { useToast } from '@/app/_ui/toast'
import type { MemberView } from '@/server/trpc/routers/members'

type Grant = MemberView['grants'][number]

/** Takes a role away at once, which is what is wanted when it matters, and offers to give the same one back. */
export function useRevoke(workspace: string): (member: MemberView, grant: Grant) => void {
  const trpc = useTRPC()
  const toast = useToast()
  const settled = useSettle([trpc.members.list.queryKey({ workspace })])
  const give = useMutation(trpc.members.grant.mutationOptions(settled))
  const take = useMutation(trpc.members.revokeGrant.mutationOptions(settled))
  return (member, { id, role, group, fromMs, untilMs }) => {
    // Not those of `mutate`: they would be lost if the list were drawn anew meanwhile.
    take.mutateAsync({ workspace, id }).then(
      () =>
        toast({
          title: `${member.name} is no longer ${ROLE_WORDS[role].name.toLowerCase()}${group ? ` of ${group.name}` : ''}`,
          text: 'It ended on open pages as well.',
          undo:
            role === 'spectator'
              ? undefined
              : () =>
                  give.mutate({
                    workspace,
                    id: member.id,
                    grant: { role, groupId: group?.id ?? null, fromMs, untilMs },
                  }),
        }),
      () => {},
    )
  }
}
