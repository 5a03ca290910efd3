import { createCallerFactory, router } from './init'
import { incidents } from './routers/incidents'
import { nodes } from './routers/nodes'
import { workspaces } from './routers/workspaces'

export const appRouter = router({ workspaces, nodes, incidents })
export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)
