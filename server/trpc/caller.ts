import { cache } from 'react'
import { createContext } from './context'
import { createCaller } from './router'

/** Procedures for pages on the server, bound to the session of this request. */
export const getCaller = cache(async () => createCaller(await createContext()))

// Layout, page and title each ask for these: once a request is enough.
export const readWorkspace = cache(async (workspace: string) => (await getCaller()).workspaces.get({ workspace }))
export const readEvent = cache(async (workspace: string, id: string) =>
  (await getCaller()).events.get({ workspace, id }),
)
export const readMatch = cache(async (workspace: string, id: string) =>
  (await getCaller()).events.match({ workspace, id }),
)
export const readNode = cache(async (workspace: string, id: string) => (await getCaller()).nodes.get({ workspace, id }))
export const readIncident = cache(async (workspace: string, id: string) =>
  (await getCaller()).incidents.get({ workspace, id }),
)
