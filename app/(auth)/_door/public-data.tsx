'use client'
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import type { AppRouter } from '@/server/trpc/router'

/** Calls that need no session. */
export const publicCalls = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: '/api/trpc' })],
})

/** What a call failed with: the field to mend, if one is, and the sentence. */
export function faultOf(error: unknown): { field: string | null; text: string } {
  if (!(error instanceof TRPCClientError))
    return { field: null, text: 'This did not arrive. Check the line and try again.' }
  const data = error.data as { field?: string | null } | null
  return { field: data?.field ?? null, text: error.message }
}
