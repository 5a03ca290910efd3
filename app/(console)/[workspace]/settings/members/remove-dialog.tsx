'use client'
import { useMutation } from '@tanstack/react-query'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { FormDialog } from '@/app/_ui/form-dialog'
import { useToast } from '@/app/_ui/toast'
import type { MemberView } from '@/server/trpc/routers/members'

type Props = { workspace: string; member: MemberView; onClose: () => void }

/** Asks before somebody is sent out: there is no way back but a new invitation. */
export function RemoveDialog({ workspace, member, onClose }: Props) {
  const trpc = useTRPC()
  const refresh = useRefresh([trpc.members.list.queryKey({ workspace })])
  const toast = useToast()
  const remove = useMutation(
    trpc.members.remove.mutationOptions({
      onSuccess: async () => {
        await refresh()
        onClose()
        toast({ title: `${member.name} is removed`, text: 'Their open pages lose this workspace within seconds.' })
      },
    }),
  )
  return (
    <FormDialog
      title={`Remove ${member.name}?`}
      description="All their roles here end at once, on open pages as well. To come back they need a new invitation. What they did stays in the audit log."
      verb={`Remove ${member.name}`}
      isPending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate({ workspace, id: member.id })}
      onClose={onClose}
    />
  )
}
