import { setTimeout as wait } from 'node:timers/promises'
import { findOrphans, rotateLog } from '../db/cluster-place'
import { type EmbeddedServer, findEmbedded, startEmbedded, stopEmbedded } from '../db/embedded'
import { provisionOutside } from '../db/outside'
import { type DatabaseUrls, ownerUrlOf, provisionServer, urlsOf } from '../db/provision'
import type { Env } from '../env'

export type Database = { urls: DatabaseUrls; isAdopted: boolean; stop: () => Promise<void> }

const LOOK_MS = 1_000
const LOG_LOOK_MS = 60_000
const RESTART_MS = 2_000

/** The database of these data: the one DATABASE_URL names, else the embedded one, started or taken over and then watched. */
export async function openDatabase(data: string, env: Env, say: (line: string) => void): Promise<Database> {
  if (env.DATABASE_URL !== '') {
    return { urls: await provisionOutside(data, env), isAdopted: true, stop: async () => {} }
  }
  const server = await startEmbedded({ data })
  for (const { origin, cluster } of await findOrphans())
    say(`${origin} is no more, but its database still lies in ${cluster}. 'npm run db -- prune' removes such.`)
  const ownerUrl = await provisionServer(server.adminUrl, server.passwords)
  const stopWatching = watch(data, server, say)
  return {
    urls: urlsOf(ownerUrl, server.passwords),
    isAdopted: server.isAdopted,
    stop: async () => {
      await stopWatching()
      await stopEmbedded(data)
    },
  }
}

/** Starts the server again when it ends by itself, on the port its clients know. */
function watch(data: string, first: EmbeddedServer, say: (line: string) => void): () => Promise<void> {
  const stopping = new AbortController()
  let lookAtLogMs = 0

  async function look(): Promise<void> {
    if (performance.now() >= lookAtLogMs) {
      await rotateLog(first.cluster)
      lookAtLogMs = performance.now() + LOG_LOOK_MS
    }
    if ((await findEmbedded(data)) !== null || stopping.signal.aborted) return
    say('The database ended; it is started again.')
    await startEmbedded({ data, port: first.port })
  }

  async function keepLooking(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pauseMs = await look().then(
        () => LOOK_MS,
        (error: unknown) => {
          say(error instanceof Error ? error.message : String(error))
          return RESTART_MS
        },
      )
      await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  const watching = keepLooking()
  return () => {
    stopping.abort()
    return watching
  }
}

/** The owner's URL of the database that runs, for a command beside the platform. */
export async function findOwnerUrl(data: string, env: Env): Promise<string> {
  if (env.DATABASE_URL !== '') return env.DATABASE_URL
  if ((await findEmbedded(data)) === null) throw new Error('The platform does not run. Start it with bin/up first.')
  const { adminUrl, passwords } = await startEmbedded({ data })
  return ownerUrlOf(adminUrl, passwords)
}
