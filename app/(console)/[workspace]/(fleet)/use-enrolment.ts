'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '@/app/_lib/trpc'
import type { Wanted } from './enrolment-form'

export type MadeLine = Wanted & { id: string; line: string; expiresMs: number }

/** Makes enrolment lines; a new one in place of the last ends that. */
export function useEnrolment(workspace: string) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const mutation = useMutation(
    trpc.nodes.createEnrolment.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.nodes.enrolments.queryKey({ workspace }) }),
    }),
  )
  const { data, variables } = mutation
  const made: MadeLine | null =
    data && variables ? { ...data, nodeName: variables.nodeName, groupIds: variables.groupIds ?? [] } : null
  const make = (wanted: Wanted, replacesId: string | null = null) =>
    mutation.mutate({ workspace, ...wanted, replacesId })
  return {
    made,
    error: mutation.error?.message ?? null,
    isPending: mutation.isPending,
    make: (wanted: Wanted) => make(wanted),
    /** In place of a line that waits: that one is good no more. */
    replace: make,
    renew: () => {
      if (made) make({ nodeName: made.nodeName, groupIds: made.groupIds }, made.id)
    },
  }
}
