import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const CHUNK = Buffer.alloc(64 * 1024, 'kept free for incidents ')

/** A file whose only purpose is to be given up when a disk is full and an incident must be written. */
export type Reserve = {
  /** Makes it where it is missing and the disk has room for twice as much; true when it stands. */
  keep(): boolean
  /** Gives it up; false when it was not there. */
  release(): boolean
}

export function createReserve(path: string, bytes: number): Reserve {
  return {
    keep() {
      if (freeBytes(dirname(path)) < 2 * bytes) return false
      if (existsSync(path)) return true
      const file = openSync(path, 'w', 0o600)
      try {
        for (let written = 0; written < bytes; ) written += writeSync(file, CHUNK)
        return true
      } catch {
        rmSync(path, { force: true })
        return false
      } finally {
        closeSync(file)
      }
    },
    release() {
      if (!existsSync(path)) return false
      rmSync(path)
      return true
    },
  }
}

export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}
