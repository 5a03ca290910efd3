import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import type { BundleToRead, mapSources } from './map-sources'

export type SourceResult = Awaited<ReturnType<typeof mapSources>> | { problem: string }

const READ_MS_MAX = 120_000
const HEAP_MB_MAX = 384

/** From source or from the build, where all programs lie in one folder. */
function program(): string[] {
  const here = fileURLToPath(import.meta.url)
  return here.endsWith('.ts')
    ? ['--import', 'tsx', join(dirname(here), 'main.ts')]
    : [join(dirname(here), 'read-sources.mjs')]
}

/** Reads a bundle in a process of its own. @throws when that process fails or is called off: then it is worth another try. */
export async function readApart(
  bundle: BundleToRead,
  tables: string,
  cancelSignal: AbortSignal,
): Promise<SourceResult> {
  const { stdout } = await execa(process.execPath, [`--max-old-space-size=${HEAP_MB_MAX}`, ...program()], {
    input: JSON.stringify({ bundle, tables }),
    timeout: READ_MS_MAX,
    cancelSignal,
    killSignal: 'SIGKILL',
    extendEnv: false,
    maxBuffer: 4 * 1024 * 1024,
  })
  return JSON.parse(stdout) as SourceResult
}
