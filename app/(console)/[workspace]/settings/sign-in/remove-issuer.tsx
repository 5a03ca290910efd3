'use client'
import { useMutation } from '@tanstack/react-query'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { FormDialog } from '@/app/_ui/form-dialog'

/** Asks before the organisation's own sign-in ends. */
export function RemoveIssuer({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh([trpc.signIn.get.queryKey({ workspace })])
  const remove = useMutation(
    trpc.signIn.removeIssuer.mutationOptions({
      onSuccess: async () => {
        await refresh()
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title="Remove the sign-in of your own?"
      description="Whoever signed in through it is signed out at once. They stay members, and sign in by a link by mail or a password."
      verb="Remove it"
      isPending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate({ workspace })}
      onClose={onClose}
    />
  )
}
