import type { FileHandle } from 'node:fs/promises'

const BLOCK_BYTES = 512
const FILES_MAX = 128

export type BundleFile = { name: string; offset: number; bytes: number }

/** What a bundle (ustar) holds, by its headers. @throws Error on anything else */
export async function listBundle(bundle: FileHandle): Promise<BundleFile[]> {
  const { size } = await bundle.stat()
  const files: BundleFile[] = []
  const header = Buffer.alloc(BLOCK_BYTES)
  let at = 0
  while (at + BLOCK_BYTES <= size && files.length < FILES_MAX) {
    await bundle.read(header, 0, BLOCK_BYTES, at)
    if (header.every((byte) => byte === 0)) return files
    const file = readHeader(header)
    if (file === null || at + BLOCK_BYTES + file.bytes > size) throw new Error('The bundle is not a whole archive.')
    files.push({ ...file, offset: at + BLOCK_BYTES })
    at += BLOCK_BYTES + Math.ceil(file.bytes / BLOCK_BYTES) * BLOCK_BYTES
  }
  if (files.length === 0) throw new Error('The bundle is not an archive.')
  return files
}

function readHeader(header: Buffer): { name: string; bytes: number } | null {
  if (header.toString('latin1', 257, 262) !== 'ustar') return null
  const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '')
  const bytes = Number.parseInt(header.toString('latin1', 124, 135), 8)
  return name !== '' && Number.isSafeInteger(bytes) && bytes >= 0 ? { name, bytes } : null
}

const CHUNK_BYTES = 256 * 1024

/** Bytes of one file, a piece at a time. */
export async function* bytesOf(bundle: FileHandle, { offset, bytes }: BundleFile): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, bytes - at))
    const { bytesRead } = await bundle.read(chunk, 0, chunk.length, offset + at)
    if (bytesRead === 0) throw new Error('The bundle ends before its files do.')
    at += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}
