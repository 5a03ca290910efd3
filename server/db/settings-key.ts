import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Key that seals what destinations are set up with: made once beside our data, readable by us alone. */
export async function keptSettingsKey(data: string): Promise<string> {
  const path = join(data, 'settings-key')
  const part = `${path}.${randomBytes(4).toString('hex')}`
  await mkdir(data, { recursive: true })
  // Whole or not at all: a key half written would be a key lost.
  await writeFile(part, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  await link(part, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(part)
  return (await readFile(path, 'utf8')).trim()
}
