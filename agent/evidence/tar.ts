/** Plain ustar with fixed metadata: the same entries give the same bytes, and nothing else is accepted back. */

export const TAR_BLOCK_BYTES = 512
const SIZE_MAX = 8 ** 11 - 1

export type TarEntry = { name: string; bytes: number }

export const tarPadding = (bytes: number): number => (TAR_BLOCK_BYTES - (bytes % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES

/** Two empty blocks end the archive. */
export const TAR_END = Buffer.alloc(2 * TAR_BLOCK_BYTES)

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`

/** @param entry name of at most 100 bytes, size below 8 GiB. */
export function tarHeader({ name, bytes }: TarEntry): Buffer {
  const header = Buffer.alloc(TAR_BLOCK_BYTES)
  if (Buffer.byteLength(name) > 100 || bytes > SIZE_MAX) throw new RangeError(`${name} does not fit a tar header.`)
  header.write(name, 0)
  header.write(octal(0o644, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(bytes, 11), 124)
  header.write(octal(0, 11), 136)
  header.fill(' ', 148, 156)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)} `, 148)
  return header
}

/** Name and size of a header, or null when it differs in any bit from what `tarHeader` writes. */
export function readTarHeader(header: Buffer): TarEntry | null {
  const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '')
  const bytes = Number.parseInt(header.toString('latin1', 124, 135), 8)
  if (!/^[\x20-\x7e]+$/.test(name) || !Number.isSafeInteger(bytes) || bytes < 0) return null
  const entry = { name, bytes }
  return tarHeader(entry).equals(header) ? entry : null
}
