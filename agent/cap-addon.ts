import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { AgentError, errorText } from './errors'
import type { CapModule } from './sense/tap'

let loaded: CapModule | null = null

/** Loads the addon on first use: beside the bundle when shipped, from node_modules in a checkout. */
export function loadCap(): CapModule {
  if (loaded) return loaded
  const require = createRequire(import.meta.url)
  const failures: string[] = []
  for (const place of ['./cap.node', 'cap/build/Release/cap.node']) {
    try {
      const addon: CapModule = require(place)
      Object.setPrototypeOf(addon.Cap.prototype, EventEmitter.prototype)
      loaded = addon
      return addon
    } catch (error) {
      failures.push(errorText(error).split('\n')[0] ?? place)
    }
  }
  throw new AgentError(
    'no_capture',
    `The capture addon does not load: ${failures.at(-1)}. Install libpcap (libpcap0.8).`,
  )
}
