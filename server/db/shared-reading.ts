import type { AppDb, Tx } from './pool'
import { inWorkspace } from './tenant'

/** Reading of one request in one workspace. The database refuses to write through it. */
export type SharedReading = {
  /** Runs `read` in the transaction that is open, or opens it; whoever ends last closes it. What `read` throws is its own. */
  run<Result>(read: (tx: Tx) => Promise<Result>): Promise<Result>
  /** What several readers need alike, by a name: read once. */
  once<Result>(name: string, read: () => Promise<Result>): Promise<Result>
}

/**
 * A page asks a dozen procedures at once, each of which would open, bind and close a transaction of its own: more round
 * trips than what they read, and a connection each. Keep one for a request, no longer.
 */
export function createSharedReading(db: AppDb, workspaceId: string): SharedReading {
  const known = new Map<string, Promise<unknown>>()
  let open: OpenTransaction | null = null
  return {
    run: async (read) => {
      open ??= begin(db, workspaceId)
      const joined = open
      joined.readers += 1
      try {
        return await read(await joined.tx)
      } finally {
        joined.readers -= 1
        if (joined.readers === 0) {
          if (open === joined) open = null
          joined.close()
        }
      }
    },
    once: <Result>(name: string, read: () => Promise<Result>) => {
      const reading = (known.get(name) as Promise<Result> | undefined) ?? read()
      known.set(name, reading)
      return reading
    },
  }
}

type OpenTransaction = { tx: Promise<Tx>; readers: number; close: () => void }

function begin(db: AppDb, workspaceId: string): OpenTransaction {
  let close = (): void => {}
  const closed = new Promise<void>((done) => {
    close = done
  })
  const tx = new Promise<Tx>((given, failed) => {
    // Readers hear of a statement that failed; that the end of a transaction which only read failed tells nobody anything.
    inWorkspace(db, workspaceId, async (opened) => {
      // What is told before its transaction ends must not be a write that may yet be lost.
      await opened.$executeRaw`SELECT set_config('transaction_read_only', 'on', true)`
      given(opened)
      await closed
    }).catch(failed)
  })
  return { tx, readers: 0, close }
}
