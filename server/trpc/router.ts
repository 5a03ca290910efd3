import { createCallerFactory, router } from './init'
import { accounts } from './routers/accounts'
import { groups } from './routers/groups'
import { incidents } from './routers/incidents'
import { members } from './routers/members'
import { nodes } from './routers/nodes'
import { sessions } from './routers/sessions'
import { workspaces } from './routers/workspaces'

export const appRouter = router({ accounts, sessions, workspaces, members, groups, nodes, incidents })
export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)
