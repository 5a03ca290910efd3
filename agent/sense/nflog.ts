/** One NFLOG message: prefix, mark, kernel time stamp and the packet from its IP header on. */
export type LoggedPacket = { prefix: string; mark: number; atUs: number | null; data: Uint8Array }

const ATTRIBUTE = { mark: 2, timestamp: 3, payload: 9, prefix: 10 } as const
const HEADER_BYTES = 4

/**
 * Splits a DLT_NFLOG record into its attributes. Lengths and types are in host order, values in network order
 * (linux/netfilter/nfnetlink_log.h, libpcap's LINKTYPE_NFLOG).
 * @returns null when the record carries no packet.
 */
export function decodeNflog(record: Buffer): LoggedPacket | null {
  const logged: LoggedPacket = { prefix: '', mark: 0, atUs: null, data: record }
  let hasData = false
  let at = HEADER_BYTES
  while (at + 4 <= record.length) {
    const length = u16(record, at)
    const end = at + length
    if (length < 4 || end > record.length) break
    const type = u16(record, at + 2)
    const from = at + 4
    if (type === ATTRIBUTE.payload) {
      logged.data = record.subarray(from, end)
      hasData = end > from
    } else readAttribute(logged, type, record, from, end)
    at += (length + 3) & ~3
  }
  return hasData ? logged : null
}

/** Reads in place: a view of each attribute of each packet would cost more than all else here. */
function readAttribute(logged: LoggedPacket, type: number, record: Buffer, from: number, end: number): void {
  if (type === ATTRIBUTE.prefix) logged.prefix = record.toString('latin1', from, end - 1)
  else if (type === ATTRIBUTE.mark && end - from >= 4) logged.mark = u32(record, from)
  else if (type === ATTRIBUTE.timestamp && end - from >= 16) logged.atUs = epochUs(record, from)
}

// By hand: some forty numbers of each packet, and what Buffer reads them with checks each offset anew.
const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
const u32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)) >>>
  0

const TWO_32 = 2 ** 32

/** Seconds and microseconds, 64 bits each. */
const epochUs = (record: Buffer, at: number): number =>
  (u32(record, at) * TWO_32 + u32(record, at + 4)) * 1e6 + u32(record, at + 8) * TWO_32 + u32(record, at + 12)
