import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UnavailableError } from '../../core/errors'

/** Hash of the installer that this platform serves from `directory`, for the line that a person pastes. */
export async function hashInstaller(directory: string): Promise<string> {
  const text = await readFile(join(directory, 'install.sh')).catch(() => null)
  if (text !== null) return createHash('sha256').update(text).digest('hex')
  throw new UnavailableError('This platform has no agent to hand out: it was not built. Run bin/prepare --build there.')
}
