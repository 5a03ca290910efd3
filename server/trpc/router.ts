import { createCallerFactory, router } from './init'
import { accounts } from './routers/accounts'
import { audit } from './routers/audit'
import { boards } from './routers/boards'
import { events } from './routers/events'
import { feedback } from './routers/feedback'
import { groups } from './routers/groups'
import { incidents } from './routers/incidents'
import { members } from './routers/members'
import { nodes } from './routers/nodes'
import { notes } from './routers/notes'
import { policies } from './routers/policies'
import { reports } from './routers/reports'
import { secondFactor } from './routers/second-factor'
import { sessions } from './routers/sessions'
import { signIn } from './routers/sign-in'
import { site } from './routers/site'
import { workspaces } from './routers/workspaces'

export const appRouter = router({
  accounts,
  sessions,
  workspaces,
  members,
  groups,
  nodes,
  incidents,
  notes,
  feedback,
  site,
  events,
  boards,
  policies,
  reports,
  secondFactor,
  signIn,
  audit,
})
export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)
