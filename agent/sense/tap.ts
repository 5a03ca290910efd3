import { decodeNflog } from './nflog'
import { decodePacket, type Packet } from './packet'
import { TAP_PREFIX } from './ruleset'

/** A packet as the kernel logged it: decoded, and raw from its IP header on for the ring. */
export type TappedPacket = {
  packet: Packet
  tap: 'peace' | 'wake' | 'udp' | 'syn' | 'held'
  mark: number
  /** Valid until the next packet: copy what you keep. */
  data: Uint8Array
}

export class TapError extends Error {
  override name = 'TapError'
}

type CapSession = {
  open(device: string, filter: string, bufferBytes: number, buffer: Buffer): string
  on(event: 'packet', listener: (bytes: number, truncated: boolean) => void): void
}
export type CapModule = { Cap: new () => CapSession }

const GROUPS = { first: 5_301, count: 64 }
const KERNEL_BUFFER_BYTES = 10 * 1024 * 1024

const TAPS: Record<string, TappedPacket['tap']> = {
  [TAP_PREFIX.peace]: 'peace',
  [TAP_PREFIX.wake]: 'wake',
  [TAP_PREFIX.udp]: 'udp',
  [TAP_PREFIX.syn]: 'syn',
  [TAP_PREFIX.held]: 'held',
}

export type Tap = { group: number }

// The addon frees its poll handle with the session, though libuv still holds it: sessions live as long as the process.
const sessions: CapSession[] = []

/**
 * Listens on a free NFLOG group until the process ends; one listener each group is all the kernel allows.
 * @throws TapError when no group is free or the process may not listen.
 */
export function openTap(cap: CapModule, onPacket: (packet: TappedPacket) => void, nowUs: () => number): Tap {
  const buffer = Buffer.alloc(65_536)
  const { session, group } = openFreeGroup(cap, buffer)
  session.on('packet', (bytes) => {
    const logged = decodeNflog(buffer.subarray(0, bytes))
    const tap = logged && TAPS[logged.prefix]
    if (!logged || !tap) return
    const packet = decodePacket(logged.data, logged.atUs ?? nowUs())
    if (packet) onPacket({ packet, tap, mark: logged.mark, data: logged.data })
  })
  return { group }
}

function openFreeGroup(cap: CapModule, buffer: Buffer): { session: CapSession; group: number } {
  let reason = ''
  for (let group = GROUPS.first; group < GROUPS.first + GROUPS.count; group++) {
    const session = new cap.Cap()
    sessions.push(session)
    try {
      session.open(`nflog:${group}`, '', KERNEL_BUFFER_BYTES, buffer)
      return { session, group }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  throw new TapError(
    `No NFLOG group between ${GROUPS.first} and ${GROUPS.first + GROUPS.count - 1} could be opened (${reason}). Run the agent as root; \`doctor\` tells more.`,
  )
}
