import { errorText, systemCode } from './errors'
import type { Log } from './log'

/** Writes that protection does not hang on: a disk that refuses them is said once for each, and nothing else stops. */
export type Disk = {
  attempt(what: string, write: () => void): void
  /** What the disk refused when it was last tried. */
  readonly refused: string[]
}

export function createDisk(log: Log): Disk {
  const refused = new Set<string>()
  return {
    attempt(what, write) {
      try {
        write()
        if (refused.delete(what)) log.info(`The ${what} is written again.`)
      } catch (error) {
        if (systemCode(error) === undefined) throw error
        if (!refused.has(what))
          log.error(
            `The ${what} cannot be written: ${errorText(error)}. Everything else goes on. Make room on the disk.`,
          )
        refused.add(what)
      }
    },
    get refused() {
      return [...refused]
    },
  }
}
