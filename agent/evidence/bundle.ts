import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SignedManifest } from '../../wire/evidence'
import { encodeManifest } from './manifest'
import { TAR_END, tarHeader, tarPadding } from './tar'

export const MANIFEST_NAME = 'manifest.json'

export type Bundle = { path: string; sha256: string; bytes: number }

/** Bytes of a bundle: the manifest first, then the files it names, in its order. */
async function* bundleBytes(signed: SignedManifest, directory: string): AsyncGenerator<Buffer> {
  const manifest = encodeManifest(signed)
  yield tarHeader({ name: MANIFEST_NAME, bytes: manifest.length })
  yield manifest
  yield Buffer.alloc(tarPadding(manifest.length))
  for (const { name, bytes } of signed.manifest.files) {
    yield tarHeader({ name, bytes })
    yield* createReadStream(join(directory, name)) as AsyncIterable<Buffer>
    yield Buffer.alloc(tarPadding(bytes))
  }
  yield TAR_END
}

/** Writes a bundle whose name is its hash; it appears under that name only when it is whole and on disk. */
export async function writeBundle(signed: SignedManifest, directory: string, bundles: string): Promise<Bundle> {
  await mkdir(bundles, { recursive: true, mode: 0o700 })
  const draft = join(directory, 'bundle.part')
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(draft, 'w', 0o600)
  try {
    for await (const chunk of bundleBytes(signed, directory)) {
      hash.update(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  const sha256 = hash.digest('hex')
  const path = join(bundles, `${sha256}.tar`)
  await rename(draft, path)
  await syncDirectory(dirname(path))
  return { path, sha256, bytes }
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
