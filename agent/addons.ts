import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { AgentError, errorText } from './errors'
import type { ForeignFunctions } from './mitigate/nft'
import type { CapModule } from './sense/tap'

/** Loads the capture addon on first use. @throws AgentError when it does not load. */
export function loadCap(): CapModule {
  const addon = load<CapModule>(
    ['./cap.node', 'cap/build/Release/cap.node'],
    'The capture addon does not load',
    'Install libpcap (libpcap0.8).',
  )
  Object.setPrototypeOf(addon.Cap.prototype, EventEmitter.prototype)
  return addon
}

/** Loads what calls libnftables in this process. @throws AgentError when it does not load. */
export const loadForeignFunctions = (): ForeignFunctions =>
  load(
    ['./koffi.node', `@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`],
    'The addon that calls libnftables does not load',
    'Install the agent again.',
  )

/** Beside the bundle when shipped, from node_modules in a checkout. */
function load<Addon>(places: readonly string[], failed: string, hint: string): Addon {
  const require = createRequire(import.meta.url)
  let reason = ''
  for (const place of places) {
    try {
      return require(place)
    } catch (error) {
      reason = errorText(error).split('\n')[0] ?? place
    }
  }
  throw new AgentError('no_addon', `${failed}: ${reason}. ${hint}`)
}
