import { inflateSync } from 'node:zlib'

const HEADER_BYTES = 44
const ENTRY_BYTES = 20
const padded = (bytes: number): number => (bytes + 3) & ~3

/**
 * A WOFF font (W3C, version 1) as the plain font in it. The PDF writer would unpack a table each time it looks into it, half a second a
 * document; so it is done once.
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This is no WOFF font.')
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES
    const packed = woff.subarray(woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 4) + woff.readUInt32BE(at + 8))
    const length = woff.readUInt32BE(at + 12)
    const data = packed.length < length ? inflateSync(packed) : packed
    return { tag: woff.subarray(at, at + 4), checksum: woff.subarray(at + 16, at + 20), data }
  })
  const directoryBytes = 12 + count * 16
  const font = Buffer.alloc(tables.reduce((bytes, { data }) => bytes + padded(data.length), directoryBytes))
  woff.copy(font, 0, 4, 8)
  const power = Math.floor(Math.log2(count))
  for (const [index, value] of [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].entries())
    font.writeUInt16BE(value, 4 + index * 2)
  let at = directoryBytes
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = 12 + index * 16
    tag.copy(font, entry)
    checksum.copy(font, entry + 4)
    font.writeUInt32BE(at, entry + 8)
    font.writeUInt32BE(data.length, entry + 12)
    data.copy(font, at)
    at += padded(data.length)
  }
  return font
}
