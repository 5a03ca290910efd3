import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEvidenceStore, type EvidenceStore } from './evidence-store'

let directory: string
let store: EvidenceStore
const bundle = randomBytes(200_000)
const upload = { workspaceId: 'w1', sha256: createHash('sha256').update(bundle).digest('hex'), bytes: bundle.length }

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'evidence-'))
  store = createEvidenceStore(directory, 1_000_000)
})
afterEach(() => rm(directory, { recursive: true }))

async function* bodyOf(bytes: Buffer, breakAt = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < bytes.length; at += 10_000) {
    if (at >= breakAt) throw new Error('connection reset')
    yield bytes.subarray(at, at + 10_000)
  }
}

const write = (offset: number, body: AsyncIterable<unknown>) => store.write(upload, offset, body, () => {})

describe('evidence store', () => {
  it('stores a bundle under its workspace and hash and answers the hash it computed', async () => {
    const result = await write(0, bodyOf(bundle))
    expect(result).toEqual({ isComplete: true, sha256: upload.sha256, path: join(directory, 'w1', upload.sha256) })
    expect(await readFile(join(directory, 'w1', upload.sha256))).toEqual(bundle)
  })

  it('goes on where a broken upload ended, and the hash still covers all of it', async () => {
    expect(await write(0, bodyOf(bundle, 120_000))).toEqual({ isComplete: false, offset: 120_000 })
    expect(await store.offsetOf(upload)).toBe(120_000)
    const result = await write(120_000, bodyOf(bundle.subarray(120_000)))
    expect(result).toMatchObject({ isComplete: true, sha256: upload.sha256 })
  })

  it('begins again when all bytes arrived but the process died before the file took its name', async () => {
    await mkdir(join(directory, 'w1'))
    await writeFile(join(directory, 'w1', `${upload.sha256}.part`), bundle)
    expect(await store.offsetOf(upload)).toBe(0)
    expect(await write(0, bodyOf(bundle))).toMatchObject({ isComplete: true })
  })

  it('refuses a part that does not begin where the stored one ends, naming the place', async () => {
    await write(0, bodyOf(bundle, 50_000))
    await expect(write(0, bodyOf(bundle))).rejects.toMatchObject({ offset: 50_000 })
    await expect(write(60_000, bodyOf(bundle))).rejects.toMatchObject({ offset: 50_000 })
  })

  it('keeps nothing of a bundle whose bytes do not fit its hash', async () => {
    const flipped = Buffer.from(bundle)
    flipped[77_777] = (flipped[77_777] as number) ^ 1
    await expect(write(0, bodyOf(flipped))).rejects.toMatchObject({ code: 'bad_message' })
    expect(await readdir(join(directory, 'w1'))).toEqual([])
  })

  it('stops at the announced size', async () => {
    const longer = Buffer.concat([bundle, Buffer.alloc(20_000)])
    await expect(write(0, bodyOf(longer))).rejects.toMatchObject({ code: 'too_large' })
  })

  it('refuses a bundle over the cap before writing', async () => {
    const small = createEvidenceStore(directory, 1_000)
    await expect(small.write(upload, 0, bodyOf(bundle), () => {})).rejects.toMatchObject({ code: 'too_large' })
    expect(await readdir(directory)).toEqual([])
  })

  it('lets one request at a time write a bundle', async () => {
    const first = write(0, bodyOf(bundle))
    await expect(write(0, bodyOf(bundle))).rejects.toMatchObject({ name: 'UploadConflict' })
    await expect(first).resolves.toMatchObject({ isComplete: true })
  })
})
