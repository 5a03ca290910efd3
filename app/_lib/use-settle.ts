'use client'
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useToast } from '@/app/_ui/toast'

type Refused = { message: string }

/**
 * What follows a change: what it touched is read anew; what the platform refused is said. `refused`: the title of that. Spread it
 * into a mutation's options.
 */
export function useSettle(queryKeys: readonly QueryKey[], refused = 'Nothing was changed') {
  const refresh = useRefresh(queryKeys)
  const toast = useToast()
  return {
    onSuccess: refresh,
    onError: (error: Refused) => toast({ title: refused, text: error.message }),
  }
}

/** Reads anew what these keys stand for. */
export function useRefresh(queryKeys: readonly QueryKey[]): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(queryKeys.map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
}
