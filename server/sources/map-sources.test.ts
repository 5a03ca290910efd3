import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvidenceFile } from '../../wire/evidence'
import { createKey } from '../testing/agent-simulator'
import { captureFile, createEvidenceBundle, ringFile, type SentPacket } from '../testing/evidence-bundle'
import { bytesOfAddress, prefixOf } from './count-sources'
import { mapSources } from './map-sources'
import { openPlaceTables, type PlaceTables } from './place-addresses'
import { readApart } from './read-apart'
import { addressesOf, readCapture } from './read-capture'

const SERVER = '203.0.113.10'
let folder: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'))
  path = join(folder, 'bundle')
})
afterAll(() => rmSync(folder, { recursive: true }))

const NOWHERE: PlaceTables = {
  names: { country: null, network: null },
  place: async (sources) => new Map(sources.map((source) => [source, { country: null, network: null }])),
}

const from = (address: string, count = 1): SentPacket[] =>
  Array.from({ length: count }, () => ({ from: address, to: SERVER }))

const ONSET_US = 60_000_000

function write(before: SentPacket[], during: SentPacket[], crossing: SentPacket[] = []): EvidenceFile[] {
  const given = {
    incidentId: crypto.randomUUID(),
    nodeId: 'nd_1',
    key: createKey(),
    onsetUs: ONSET_US,
    before,
    crossing,
    during,
  }
  const { content, body } = createEvidenceBundle(given)
  writeFileSync(path, content)
  return body.signed.manifest.files
}

const read = (files: EvidenceFile[], tables = NOWHERE) =>
  mapSources({ path, files, onsetUs: ONSET_US, localAddresses: [SERVER] }, tables)

describe('sources of a bundle', () => {
  it('are counted by prefix, without what the server sent and without who spoke with it before', async () => {
    const answers = [{ from: SERVER, to: '198.51.100.1' }]
    const files = write(from('198.51.100.1', 3), [
      ...from('192.0.2.7', 5),
      ...from('192.0.2.200', 2),
      ...from('2001:db8:7:0:0:0:0:1', 4),
      ...from('198.51.100.1', 9),
      ...answers,
    ])
    const { totals, counts } = await read(files)
    expect(totals).toMatchObject({ packets: 11, addresses: 3, knownPackets: 9, knownAddresses: 1, otherPackets: 1 })
    expect(totals).toMatchObject({ windows: 1, kernelDrops: 12, prefixes: 2, countryPackets: 0, isCut: false })
    expect(counts).toEqual([
      { kind: 'prefix', key: '192.0.2.0/24', name: null, packets: 7, addresses: 2 },
      { kind: 'prefix', key: '2001:db8:7::/48', name: null, packets: 4, addresses: 1 },
    ])
  })

  it('that crossed the tripwire before the ring was frozen are the attack’s, not known from before it', async () => {
    const { totals } = await read(write([], from('192.0.2.7', 5), from('192.0.2.7', 3)))
    expect(totals).toMatchObject({ packets: 5, knownPackets: 0 })
  })

  it('are placed by the tables that come with the platform, and what no table knows is said', async () => {
    const files = write(
      [],
      [
        ...from('8.8.8.8', 3),
        ...from('1.1.1.1', 2),
        ...from('2001:4860:4860:0:0:0:0:8888', 1),
        ...from('198.18.0.1', 4),
      ],
    )
    const { totals, counts } = await read(files, openPlaceTables(''))
    const networks = counts.filter(({ kind }) => kind === 'network').map(({ key, packets }) => [key, packets])
    expect(networks).toEqual([
      ['15169', 4],
      ['13335', 2],
    ])
    expect(counts.find(({ kind, key }) => kind === 'network' && key === '15169')?.name).toMatch(/google/i)
    expect(counts.find(({ kind, key }) => kind === 'country' && key === 'US')?.packets).toBeGreaterThanOrEqual(4)
    expect(totals).toMatchObject({ packets: 10, networkPackets: 6 })
    expect(totals.tables.network).toContain('@ip-location-db/asn')
  })

  it('are read in a process of their own, which says what it cannot read', async () => {
    const files = write([], from('192.0.2.7', 5))
    const asked = { path, files, onsetUs: ONSET_US, localAddresses: [SERVER] }
    const { signal } = new AbortController()
    expect(await readApart(asked, '', signal)).toMatchObject({ totals: { packets: 5 } })
    writeFileSync(path, 'noise')
    expect(await readApart(asked, '', signal)).toEqual({ problem: 'The bundle is not an archive.' })
  }, 30_000)

  it('that their manifest names but their archive lacks are said to be missing', async () => {
    const files = write([], from('192.0.2.7'))
    await expect(read([{ ...files[0]!, name: '../../etc/passwd' }])).rejects.toThrow('lacks ../../etc/passwd')
  })
})

describe('captures', () => {
  const recorded = async (content: Buffer, sizes: number): Promise<number> => {
    let packets = 0
    const pieces = async function* () {
      for (let at = 0; at < content.length; at += sizes) yield content.subarray(at, at + sizes)
    }
    await readCapture(pieces(), 'us', (data, linkType) => {
      if (addressesOf(data, linkType)) packets += 1
    })
    return packets
  }

  it('are read whole in pieces of any size, a torn last record left out', async () => {
    for (const content of [ringFile(from('192.0.2.1', 9)), captureFile(from('192.0.2.1', 9))])
      for (const size of [1, 7, 64, 100_000]) {
        expect(await recorded(content, size)).toBe(9)
        expect(await recorded(content.subarray(0, -5), size)).toBe(8)
      }
  })

  it('that are damaged end in words, not in a loop or in nonsense', async () => {
    const whole = ringFile(from('192.0.2.1', 4))
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(whole)
        damaged[at] = (damaged[at] as number) ^ flip
        const result = await recorded(damaged, 50).catch((error: Error) => error.message)
        if (typeof result === 'string') expect(result).toContain('cannot be read')
        else expect(result).toBeLessThanOrEqual(4)
      }),
    )
  })
})

it('addresses keep their bytes, and prefixes their zeros', () => {
  expect(bytesOfAddress('203.0.113.10')[0]).toHaveLength(4)
  for (const [address, prefix] of [
    ['203.0.113.10', '203.0.113.0/24'],
    ['2001:db8::1', '2001:db8::/48'],
    ['2001:db8:0:5::', '2001:db8::/48'],
    ['::1', '0::/48'],
  ] as const)
    expect(prefixOf(bytesOfAddress(address)[0] as string)).toBe(prefix)
  expect(bytesOfAddress('not an address')).toEqual([])
})
