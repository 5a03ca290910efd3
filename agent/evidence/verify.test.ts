import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../wire/canonical'
import { createEphemeralKey } from '../identity'
import { writeBundle } from './bundle'
import { hashFile } from './capture'
import { udpPacket } from './fixture'
import { signManifest } from './manifest'
import { freezePackets } from './ring'
import { writeRing } from './secure-ring'
import { readTarHeader, tarHeader } from './tar'
import { verifyBundleBytes } from './verify'

const key = createEphemeralKey()
let directory: string
let bundle: Buffer

async function makeBundle(): Promise<Buffer> {
  const packets = [udpPacket(1_790_000_000_000_000, 41), udpPacket(1_790_000_002_000_000, 50, 900)]
  const { file, handle } = await writeRing({
    directory,
    packets: freezePackets(packets),
    samplingRate: 40,
    kernelDrops: null,
    interfaceName: 'veth0',
    application: 'test 1',
    nowUs: 1_790_000_003_000_000,
  })
  await handle.close()
  const manifest = {
    format: 'evidence-manifest/1' as const,
    incidentId: '019a9f00-0000-7000-8000-000000000001',
    nodeId: 'node-1',
    createdUs: 1_790_000_003_000_000,
    onsetUs: 1_790_000_001_000_000,
    files: [file],
    packetsBeforeOnset: 1,
    clock: { source: 'kernel tsc', offsetUs: null },
    tool: { name: 'test', version: '1' },
    publicKey: key.publicKey,
  }
  return readFileSync((await writeBundle(signManifest(manifest, key), directory, join(directory, 'bundles'))).path)
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bundle-'))
  bundle = await makeBundle()
})
afterAll(() => rmSync(directory, { recursive: true }))

const failed = (bytes: Buffer, publicKey?: string) =>
  verifyBundleBytes(bytes, { publicKey })
    .checks.filter(({ ok }) => !ok)
    .map(({ name }) => name)

describe('evidence bundle', () => {
  it('passes every check as it was written', () => {
    expect(verifyBundleBytes(bundle, { publicKey: key.publicKey })).toMatchObject({ ok: true })
    expect(bundle.toString('latin1')).toContain('ustar')
  })

  it('fails when any one bit of it is flipped: headers, padding and end included', { timeout: 60_000 }, () => {
    const flip = (bit: number): void => {
      bundle[bit >> 3] = (bundle[bit >> 3] as number) ^ (1 << (bit & 7))
    }
    for (let bit = 0; bit < bundle.length * 8; bit++) {
      flip(bit)
      const { ok } = verifyBundleBytes(bundle)
      flip(bit)
      if (ok) expect.fail(`bit ${bit & 7} of byte ${bit >> 3} was flipped and not noticed`)
    }
  })

  it('fails when it is cut short or continued', () => {
    fc.assert(fc.property(fc.nat(bundle.length - 1), (length) => !verifyBundleBytes(bundle.subarray(0, length)).ok))
    expect(failed(Buffer.concat([bundle, Buffer.alloc(512)]))).toContain('archive')
  })

  it('tells a forged bundle by the node’s key', () => {
    expect(failed(bundle, createEphemeralKey().publicKey)).toEqual(['origin'])
  })

  it('says which file differs', () => {
    const bytes = Buffer.from(bundle)
    const at = bytes.lastIndexOf('veth0')
    bytes[at] = 'w'.charCodeAt(0)
    expect(failed(bytes)).toEqual(['ring.pcapng: hash'])
  })

  it('is the same bytes, hence the same address, when made again', async () => {
    expect((await makeBundle()).equals(bundle)).toBe(true)
    mkdirSync(join(directory, 'again'))
    writeFileSync(join(directory, 'again/x'), bundle)
    expect(await hashFile(join(directory, 'again/x'))).toBe(verifyBundleBytes(bundle).sha256)
  })
})

describe('tar header', () => {
  it('reads back what was written, for any name and size', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,99}$/)
    fc.assert(
      fc.property(name, fc.nat({ max: 8 ** 11 - 1 }), (name, bytes) => {
        expect(readTarHeader(tarHeader({ name, bytes }))).toEqual({ name, bytes })
      }),
    )
  })

  it('is refused as soon as one byte differs', () => {
    const header = tarHeader({ name: 'ring.pcapng', bytes: 12_345 })
    for (let at = 0; at < header.length; at++) {
      const other = Buffer.from(header)
      other[at] = ((other[at] as number) + 1) & 255
      expect(readTarHeader(other)).toBeNull()
    }
  })
})

describe('canonical JSON', () => {
  it('gives equal bytes for equal values in any key order, and means the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it('refuses what JSON cannot carry', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError)
    expect(() => canonicalJson([() => 1])).toThrow(TypeError)
  })
})
