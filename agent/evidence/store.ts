import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { SignedManifest } from '../../wire/evidence'
import { systemCode } from '../errors'
import type { Bundle } from './bundle'
import { decodeManifest, encodeManifest } from './manifest'

/** What is known of an incident when its recording begins; written before anything else. */
export const Opening = z.object({
  incidentId: z.uuid(),
  onsetUs: z.int().nonnegative(),
  samplingRate: z.number().positive().nullable(),
  kernelDrops: z.int().nonnegative().nullable(),
})
export type Opening = z.infer<typeof Opening>

export type FinishedBundle = Bundle & { incidentId: string; signed: SignedManifest }

/**
 * Where evidence lies: `open/<incident>` while it is recorded, `bundles/<hash>.tar` with its manifest beside it until
 * it is uploaded, `damaged/` for what no bundle could be made of.
 */
export function createEvidenceStore(directory: string) {
  const openRoot = join(directory, 'open')
  const bundles = join(directory, 'bundles')
  return {
    bundles,
    openDirectory: (incidentId: string): string => join(openRoot, incidentId),

    async begin(opening: Opening): Promise<string> {
      const path = join(openRoot, opening.incidentId)
      await mkdir(path, { recursive: true, mode: 0o700 })
      await writeFile(join(path, 'opening.json'), JSON.stringify(opening), { mode: 0o600 })
      return path
    },

    /** Keeps the manifest beside its bundle, so that it can be announced again after a restart, then ends recording. */
    async finish(bundle: Bundle, signed: SignedManifest): Promise<FinishedBundle> {
      const { incidentId } = signed.manifest
      await writeFile(bundle.path.replace(/\.tar$/, '.json'), encodeManifest(signed), { mode: 0o600 })
      await rm(join(openRoot, incidentId), { recursive: true, force: true })
      return { ...bundle, incidentId, signed }
    },

    abort: (incidentId: string): Promise<void> => rm(join(openRoot, incidentId), { recursive: true, force: true }),

    openIncidents: (): Promise<string[]> => list(openRoot),

    async setAside(incidentId: string): Promise<string> {
      const damaged = join(directory, 'damaged')
      await mkdir(damaged, { recursive: true, mode: 0o700 })
      const path = join(damaged, incidentId)
      await rm(path, { recursive: true, force: true })
      await rename(join(openRoot, incidentId), path)
      return path
    },

    /** Finished bundles that were not uploaded yet, oldest first. */
    async waiting(): Promise<FinishedBundle[]> {
      const found: FinishedBundle[] = []
      for (const name of await list(bundles)) {
        if (!name.endsWith('.tar')) continue
        const path = join(bundles, name)
        const signed = await readFile(path.replace(/\.tar$/, '.json')).then(decodeManifest, () => null)
        if (signed === null || typeof signed === 'string') continue
        const { incidentId } = signed.manifest
        found.push({ path, sha256: name.slice(0, -4), bytes: (await stat(path)).size, incidentId, signed })
      }
      return found.sort((a, b) => a.signed.manifest.createdUs - b.signed.manifest.createdUs)
    },

    /** Bytes held by finished bundles, and free on the disk. */
    async room(): Promise<{ usedBytes: number; freeBytes: number }> {
      const sizes = await Promise.all((await list(bundles)).map(async (name) => (await stat(join(bundles, name))).size))
      const { bavail, bsize } = await statfs(directory)
      return { usedBytes: sizes.reduce((sum, size) => sum + size, 0), freeBytes: bavail * bsize }
    },
  }
}

export type EvidenceStore = ReturnType<typeof createEvidenceStore>

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
