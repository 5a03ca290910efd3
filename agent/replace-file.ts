import { closeSync, fstatSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { systemCode } from './errors'

export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '')

/**
 * Replaces a file of JSON at once: a reader sees the old state or the new one, never half of one. A disk without room
 * gets it written over the old text, within the blocks that the file holds already.
 */
export function replaceFile(path: string, text: string): void {
  const fresh = `${path}.new`
  try {
    writeFileSync(fresh, text, { mode: 0o600 })
    renameSync(fresh, path)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    rmSync(fresh, { force: true })
    if (!overwrite(path, text)) throw error
  }
}

const STAT_BLOCK_BYTES = 512

/** False when the text does not fit into what the file holds on disk: then nothing was written. */
function overwrite(path: string, text: string): boolean {
  const file = openSync(path, 'r+')
  try {
    const { blocks, size } = fstatSync(file)
    const bytes = Buffer.from(text)
    if (bytes.length > blocks * STAT_BLOCK_BYTES) return false
    // JSON may end in spaces; cutting the file short would give its blocks away.
    const whole = Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length), ' ')])
    for (let at = 0; at < whole.length; ) at += writeSync(file, whole, at, whole.length - at, at)
    return true
  } finally {
    closeSync(file)
  }
}
