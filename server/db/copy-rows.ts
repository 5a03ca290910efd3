/** Writes rows in PostgreSQL's binary COPY format: twice as fast to send and read as text. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])
/** PostgreSQL counts from 2000-01-01 UTC. */
const EPOCH_2000_MS = 946_684_800_000

export type CopyRows = {
  uuid: (value: string) => void
  timestampMs: (value: number) => void
  float: (value: number | null) => void
  bigint: (value: number) => void
  jsonb: (value: unknown) => void
  startRow: (columns: number) => void
  finish: () => Buffer
}

export function createCopyRows(): CopyRows {
  let buffer = Buffer.allocUnsafe(16_384)
  let at = SIGNATURE.copy(buffer, 0)
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  const length = (bytes: number): void => {
    room(bytes + 4)
    at = buffer.writeInt32BE(bytes, at)
  }
  return {
    startRow: (columns) => {
      room(2)
      at = buffer.writeInt16BE(columns, at)
    },
    uuid: (value) => {
      length(16)
      at += buffer.write(value.replaceAll('-', ''), at, 'hex')
    },
    timestampMs: (value) => {
      length(8)
      at = buffer.writeBigInt64BE(BigInt(value - EPOCH_2000_MS) * 1_000n, at)
    },
    float: (value) => {
      length(value === null ? 0 : 8)
      if (value === null) buffer.writeInt32BE(-1, at - 4)
      else at = buffer.writeDoubleBE(value, at)
    },
    bigint: (value) => {
      length(8)
      at = buffer.writeBigInt64BE(BigInt(value), at)
    },
    jsonb: (value) => {
      const text = JSON.stringify(value)
      const bytes = Buffer.byteLength(text)
      length(bytes + 1)
      at = buffer.writeUInt8(1, at)
      at += buffer.write(text, at)
    },
    finish: () => Buffer.concat([buffer.subarray(0, at), TRAILER]),
  }
}
