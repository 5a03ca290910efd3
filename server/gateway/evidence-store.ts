import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { WireFailure } from './wire-failure'

export type Upload = { workspaceId: string; sha256: string; bytes: number }

/** The bytes do not begin where the stored part ends, or another request is writing the same bundle. */
export class UploadConflict extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
    this.name = 'UploadConflict'
  }
}

export type EvidenceStore = {
  /** Bytes of an unfinished upload that are on disk. */
  offsetOf: (upload: Upload) => Promise<number>
  /** Appends a body; the file takes its final name only when size and hash are right and it is synced. */
  write: (
    upload: Upload,
    offset: number,
    body: AsyncIterable<unknown>,
    onBytes: (bytes: number) => void,
  ) => Promise<{ isComplete: false; offset: number } | { isComplete: true; sha256: string; path: string }>
}

/** Bundles under `directory`/<workspace id>/<hash>, unfinished ones with the ending `.part`. */
export function createEvidenceStore(directory: string, bytesMax: number): EvidenceStore {
  const writing = new Set<string>()
  const pathOf = ({ workspaceId, sha256 }: Upload): string => join(directory, workspaceId, sha256)
  const partOf = (upload: Upload): string => `${pathOf(upload)}.part`
  return {
    offsetOf: (upload) => resumableSize(partOf(upload), upload.bytes),
    write: async (upload, offset, body, onBytes) => {
      if (upload.bytes > bytesMax) throw new WireFailure('too_large', `A bundle may have ${bytesMax} bytes.`)
      const part = partOf(upload)
      if (writing.has(part)) throw new UploadConflict('This bundle is being uploaded already.', await sizeOf(part))
      writing.add(part)
      try {
        await mkdir(join(directory, upload.workspaceId), { recursive: true, mode: 0o700 })
        const size = await resumableSize(part, upload.bytes)
        if (offset !== size) throw new UploadConflict(`Go on from byte ${size}.`, size)
        const { length, hash } = await append(part, size, upload.bytes, body, onBytes)
        if (length < upload.bytes) return { isComplete: false, offset: length }
        return { isComplete: true, ...(await finish(upload, part, pathOf(upload), hash)) }
      } finally {
        writing.delete(part)
      }
    },
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** A part that is whole but never took its name (the process died) or is too long is begun again. */
async function resumableSize(part: string, bytes: number): Promise<number> {
  const size = await sizeOf(part)
  if (size < bytes) return size
  await unlink(part)
  return 0
}

async function hashOf(path: string, bytes: number): Promise<Hash> {
  const hash = createHash('sha256')
  if (bytes > 0) for await (const part of createReadStream(path, { end: bytes - 1 })) hash.update(part as Buffer)
  return hash
}

async function append(
  path: string,
  size: number,
  bytesMax: number,
  body: AsyncIterable<unknown>,
  onBytes: (bytes: number) => void,
): Promise<{ length: number; hash: Hash }> {
  const hash = await hashOf(path, size)
  const file = await open(path, 'a', 0o600)
  try {
    const length = await copy(file, size, bytesMax, body, hash, onBytes)
    await file.sync()
    return { length, hash }
  } finally {
    await file.close()
  }
}

async function copy(
  file: FileHandle,
  size: number,
  bytesMax: number,
  body: AsyncIterable<unknown>,
  hash: Hash,
  onBytes: (bytes: number) => void,
): Promise<number> {
  let length = size
  try {
    for await (const part of body) {
      const bytes = part as Buffer
      if (length + bytes.length > bytesMax) {
        throw new WireFailure('too_large', `The bundle was announced with ${bytesMax} bytes, but more arrived.`)
      }
      await file.writeFile(bytes)
      hash.update(bytes)
      length += bytes.length
      onBytes(bytes.length)
    }
  } catch (error) {
    if (error instanceof WireFailure) throw error
    // The connection broke: what arrived stays, and the node goes on from there.
  }
  return length
}

async function finish(
  upload: Upload,
  part: string,
  path: string,
  hash: Hash,
): Promise<{ sha256: string; path: string }> {
  const sha256 = hash.digest('hex')
  if (sha256 !== upload.sha256) {
    await unlink(part)
    throw new WireFailure('bad_message', `The bytes hash to ${sha256}, not to ${upload.sha256}. Upload from the start.`)
  }
  await rename(part, path)
  const directory = await open(join(path, '..'), 'r')
  await directory.sync()
  await directory.close()
  return { sha256, path }
}
