'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { useState } from 'react'
import type { AppRouter } from '@/server/trpc/router'

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

const createClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { staleTime: 2_000, retry: 2, refetchOnWindowFocus: true } } })

/** One for all parts of the console in a browser; on the server each request has its own. */
let shared: QueryClient | null = null

function sharedClient(): QueryClient {
  if (typeof window === 'undefined') return createClient()
  shared ??= createClient()
  return shared
}

/** Client side of tRPC: pages arrive filled by the server, queries only keep them fresh. */
export function DataProvider({ children }: { children: React.ReactNode }) {
  const [queryClient] = useState(sharedClient)
  const [trpcClient] = useState(() => createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/api/trpc' })] }))
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
