import { crc32 } from 'node:zlib'

/** A record of a lane: `seq` is the number it was sent under when it was written, 0 if it was not sent yet. */
export type Frame = { seq: number; body: string }

const HEADER_BYTES = 8
const SEQ_BYTES = 6
/** Longer than any message; a length above it is damage, not a record. */
const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024

/** length (u32) · CRC-32 of the payload (u32) · payload: seq (u48), body (UTF-8 JSON). Little-endian. */
export function encodeFrame({ seq, body }: Frame): Buffer {
  const bytes = Buffer.byteLength(body)
  const frame = Buffer.allocUnsafe(HEADER_BYTES + SEQ_BYTES + bytes)
  frame.writeUInt32LE(SEQ_BYTES + bytes, 0)
  frame.writeUIntLE(seq, HEADER_BYTES, SEQ_BYTES)
  frame.write(body, HEADER_BYTES + SEQ_BYTES)
  frame.writeUInt32LE(crc32(frame.subarray(HEADER_BYTES)), 4)
  return frame
}

/** Frames from the start on, up to the first that is torn or damaged; `wholeBytes` is where that one begins. */
export function scanFrames(bytes: Buffer): { frames: Frame[]; wholeBytes: number } {
  const frames: Frame[] = []
  let at = 0
  while (at + HEADER_BYTES + SEQ_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at)
    const end = at + HEADER_BYTES + length
    if (length < SEQ_BYTES || length > PAYLOAD_BYTES_MAX || end > bytes.length) break
    const payload = bytes.subarray(at + HEADER_BYTES, end)
    if (crc32(payload) !== bytes.readUInt32LE(at + 4)) break
    frames.push({ seq: payload.readUIntLE(0, SEQ_BYTES), body: payload.toString('utf8', SEQ_BYTES) })
    at = end
  }
  return { frames, wholeBytes: at }
}
