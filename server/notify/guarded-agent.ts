import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { type AddressGuard, createAddressGuard } from './address-guard'

/** The guard refused to open a connection. Retrying does not help until the URL or the exceptions change. */
export class DestinationRefused extends Error {
  readonly code = 'DESTINATION_REFUSED'
  constructor(readonly reason: string) {
    super(`The webhook was not sent: ${reason}. Use an https URL of a public host.`)
    this.name = 'DestinationRefused'
  }
}

const PUBLIC_PORTS = ['443', '8443']

export type GuardedAgentOptions = {
  allowCidrs?: readonly string[]
  connectTimeoutMs?: number
  /** Answers host names; tests bring their own. Called once a connection, and its answer is the address used. */
  lookup?: (host: string, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void
}

const resolveAll: NonNullable<GuardedAgentOptions['lookup']> = (host, callback) =>
  systemLookup(host, { all: true }, (error, addresses) => callback(error, addresses))

/** All answers must be allowed: a name with one private answer is a trap, not a mistake. */
function vet(guard: AddressGuard, host: string, addresses: LookupAddress[]): DestinationRefused | null {
  if (addresses.length === 0) return new DestinationRefused(`'${host}' has no address`)
  const reason = addresses.map(({ address }) => guard.refuseAddress(address)).find((found) => found !== null)
  return reason ? new DestinationRefused(isIP(host) ? reason : `'${host}' leads to ${reason}`) : null
}

/**
 * HTTP agent that decides at connect time, so neither a second DNS answer nor an address written as a number
 * gets past it. Plain http and odd ports are for excepted networks only. Connections are kept and reused.
 */
export function createGuardedAgent(options: GuardedAgentOptions = {}): Agent {
  const guard = createAddressGuard(options.allowCidrs)
  const resolve = options.lookup ?? resolveAll
  const connectTimeoutMs = options.connectTimeoutMs ?? 5_000

  const connect: buildConnector.connector = (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const proceed = (error: Error | null, addresses: LookupAddress[]): void => {
      const refusal = error ?? vet(guard, host, addresses) ?? refuseScheme(guard, target, addresses)
      if (refusal !== null) {
        callback(refusal, null)
        return
      }
      const pinned: LookupFunction = (_host, lookupOptions, done) => {
        const first = addresses[0] as LookupAddress
        if (lookupOptions.all) done(null, addresses)
        else done(null, first.address, first.family)
      }
      buildConnector({ timeout: connectTimeoutMs, lookup: pinned })(target, callback)
    }
    const family = isIP(host)
    const refusedName = guard.refuseName(host)
    if (family !== 0) proceed(null, [{ address: host, family }])
    else if (refusedName !== null) callback(new DestinationRefused(refusedName), null)
    else resolve(host, proceed)
  }

  return new Agent({
    connect,
    connections: 4,
    pipelining: 1,
    keepAliveTimeout: 60_000,
    keepAliveMaxTimeout: 600_000,
    maxHeaderSize: 16_384,
  })
}

function refuseScheme(
  guard: AddressGuard,
  target: buildConnector.Options,
  addresses: LookupAddress[],
): DestinationRefused | null {
  if (addresses.every(({ address }) => guard.isExcepted(address))) return null
  if (target.protocol !== 'https:') return new DestinationRefused('the URL is not https')
  const port = target.port || '443'
  return PUBLIC_PORTS.includes(port) ? null : new DestinationRefused(`port ${port} is not allowed`)
}
