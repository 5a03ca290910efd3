import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createContext } from './context'
import { appRouter } from './router'

/** Answers the browser's calls. */
export const handleTRPC = (request: Request): Promise<Response> =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext,
    responseMeta: () => ({ headers: new Headers([['Cache-Control', 'private, no-store']]) }),
  })
