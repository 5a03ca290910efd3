/**
 * Datagrams of the lab's game. Client: magic, kind, session, sequence, buttons, position, then as many input words as moved.
 * Server: the same head with its own kind, then a snapshot of the players near by. Lengths vary as a game's do.
 */

const MAGIC = 0x47_4c_42_31
const HEAD_BYTES = 16
const INPUT = 1
const SNAPSHOT = 2

export type Head = { session: number; sequence: number }

/** Bytes of input that follow the head: idle, moving, fighting in turn, 60 to 180 bytes in all. */
export function inputLength(sequence: number, session: number): number {
  const phase = (sequence >> 5) + session
  const busy = phase % 3
  return HEAD_BYTES + 44 + busy * 28 + ((sequence * 7 + session * 13) % 24) * (busy + 1)
}

export function snapshotLength(sequence: number, session: number): number {
  return HEAD_BYTES + 96 + ((sequence * 11 + session * 5) % 9) * 16
}

function write(kind: number, { session, sequence }: Head, length: number): Buffer {
  const datagram = Buffer.allocUnsafe(length)
  datagram.writeUInt32BE(MAGIC, 0)
  datagram.writeUInt16BE(kind, 4)
  datagram.writeUInt16BE(session, 6)
  datagram.writeUInt32BE(sequence, 8)
  datagram.writeUInt32BE((sequence * 2_654_435_761) >>> 0, 12)
  for (let offset = HEAD_BYTES; offset < length; offset += 1)
    datagram[offset] = (sequence * 31 + offset * session) & 0xff
  return datagram
}

function read(kind: number, datagram: Buffer): Head | null {
  if (datagram.length < HEAD_BYTES || datagram.readUInt32BE(0) !== MAGIC || datagram.readUInt16BE(4) !== kind)
    return null
  return { session: datagram.readUInt16BE(6), sequence: datagram.readUInt32BE(8) }
}

export const writeInput = (head: Head): Buffer => write(INPUT, head, inputLength(head.sequence, head.session))
export const writeSnapshot = (head: Head): Buffer => write(SNAPSHOT, head, snapshotLength(head.sequence, head.session))
export const readInput = (datagram: Buffer): Head | null => read(INPUT, datagram)
export const readSnapshot = (datagram: Buffer): Head | null => read(SNAPSHOT, datagram)
