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
  const logged: LoggedPacket = { prefix: '', mark: 0, atUs: null, data: record.subarray(0, 0) }
  let at = HEADER_BYTES
  while (at + 4 <= record.length) {
    const length = record.readUInt16LE(at)
    if (length < 4 || at + length > record.length) break
    readAttribute(logged, record.readUInt16LE(at + 2), record.subarray(at + 4, at + length))
    at += (length + 3) & ~3
  }
  return logged.data.length > 0 ? logged : null
}

function readAttribute(logged: LoggedPacket, type: number, value: Buffer): void {
  if (type === ATTRIBUTE.payload) logged.data = value
  else if (type === ATTRIBUTE.prefix) logged.prefix = value.toString('latin1', 0, value.length - 1)
  else if (type === ATTRIBUTE.mark && value.length >= 4) logged.mark = value.readUInt32BE(0)
  else if (type === ATTRIBUTE.timestamp && value.length >= 16)
    logged.atUs = Number(value.readBigUInt64BE(0)) * 1e6 + Number(value.readBigUInt64BE(8))
}
