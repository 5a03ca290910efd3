import type { Logger } from 'pino'
import type { z } from 'zod'
import { readAs } from '../../wire/read'
import type { AgentSocket } from './agent-namespace'
import type { AgentIdentity } from './authenticate-agent'
import { type Faults, notAsked } from './faults'
import { WireFailure } from './wire-failure'

type SaidHandlerOptions<Word> = {
  /** Name of the message. */
  name: string
  shape: z.ZodType<Word>
  store: (identity: AgentIdentity, word: Word) => Promise<void>
  socket: AgentSocket
  session: { isGreeted: boolean }
  faults: Faults
  log: Logger
}

/** What a node says of itself, of which only the newest counts. While one word is being stored the last behind it waits. */
export function createSaidHandler<Word>({
  name,
  shape,
  store,
  socket,
  session,
  faults,
  log,
}: SaidHandlerOptions<Word>) {
  const { identity } = socket.data
  let waiting: { word: Word } | null = null
  let isStoring = false

  const storeAll = async (): Promise<void> => {
    isStoring = true
    while (waiting !== null) {
      const { word }: { word: Word } = waiting
      waiting = null
      await store(identity, word).catch((err: unknown) =>
        log.error({ err, nodeId: identity.nodeId, name }, 'storing what a node says of itself failed'),
      )
    }
    isStoring = false
  }

  return (claim: unknown): void => {
    if (!session.isGreeted) return void faults(notAsked(name))
    const parsed = readAs(shape, claim)
    if (!parsed.success) return void faults(new WireFailure('bad_message', `The ${name} message is malformed.`))
    waiting = { word: parsed.data }
    if (!isStoring) void storeAll()
  }
}
