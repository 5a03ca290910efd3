import type { Logger } from 'pino'
import type { ConsoleFanOut, IncidentEvent } from './console-namespace'

export type IncidentChange = { workspaceId: string; incidentId: string }

export type IncidentFeedOptions = {
  readSummary: (change: IncidentChange) => Promise<IncidentEvent | null>
  fanOut: ConsoleFanOut
  log: Logger
}

/**
 * Turns changes of incidents into rows for the consoles that watch. Changes that come while a row is being read are
 * folded into one more read, so the last row sent is always the newest.
 */
export function createIncidentFeed({
  readSummary,
  fanOut,
  log,
}: IncidentFeedOptions): (change: IncidentChange) => void {
  const reading = new Map<string, { isStale: boolean }>()

  const read = async (change: IncidentChange, state: { isStale: boolean }): Promise<void> => {
    do {
      state.isStale = false
      const summary = await readSummary(change)
      if (summary !== null) fanOut.incident(change.workspaceId, summary)
    } while (state.isStale)
  }

  return (change) => {
    if (!fanOut.isOpen(change.workspaceId)) return
    const running = reading.get(change.incidentId)
    if (running !== undefined) {
      running.isStale = true
      return
    }
    const state = { isStale: false }
    reading.set(change.incidentId, state)
    read(change, state)
      .catch((err: unknown) =>
        log.error({ err, incidentId: change.incidentId }, 'reading an incident to show it failed'),
      )
      .finally(() => reading.delete(change.incidentId))
  }
}
