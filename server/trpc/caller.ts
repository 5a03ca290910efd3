import { cache } from 'react'
import { createContext } from './context'
import { createCaller } from './router'

/** Procedures for pages on the server, bound to the session of this request. */
export const getCaller = cache(async () => createCaller(await createContext()))
