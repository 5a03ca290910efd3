import { open } from 'node:fs/promises'
import type { EvidenceFile } from '../../wire/evidence'
import type { SourceCount, SourceTotals } from '../services/sources/source-map'
import { bytesOfAddress, createTally, prefixOf, type Tally } from './count-sources'
import type { Place, PlaceTables } from './place-addresses'
import { bytesOf, listBundle } from './read-bundle'
import { readCapture } from './read-capture'

export type BundleToRead = {
  path: string
  files: readonly EvidenceFile[]
  /** First packet of the attack. */
  onsetUs: number
  /** The node's own addresses: what comes from there was sent by it. */
  localAddresses: readonly string[]
}

/** The recorder keeps at most 130,000 packets of an attack; a bundle that claims more is read so far. */
const PACKETS_MAX = 400_000
/** The last packets of the ring may be the attack's first: those that made the tripwire wake the node, and just before. */
const RISING_US = 1_000_000
const KEPT = { country: 250, network: 100, prefix: 100 }

/** Reads a bundle once and says where its attack packets say they came from. @throws Error when it cannot be read */
export async function mapSources(
  bundle: BundleToRead,
  tables: PlaceTables,
): Promise<{ totals: SourceTotals; counts: SourceCount[] }> {
  const captures = bundle.files.filter(({ source }) => source === 'capture')
  const { tally, isCut } = await readTally(bundle)
  const places = await tables.place([...tally.counts.keys()])
  const counted = countPlaces(tally, places)
  const drops = captures.map(({ kernelDrops }) => kernelDrops)
  return {
    totals: {
      packets: tally.packets,
      addresses: tally.counts.size,
      countryPackets: counted.packetsIn('country'),
      networkPackets: counted.packetsIn('network'),
      prefixes: counted.kinds.prefix.size,
      countries: counted.kinds.country.size,
      networks: counted.kinds.network.size,
      knownPackets: tally.knownPackets,
      knownAddresses: tally.knownAddresses,
      otherPackets: tally.otherPackets,
      windows: captures.length,
      kernelDrops: drops.some((one) => one === null) ? null : drops.reduce<number>((sum, one) => sum + (one ?? 0), 0),
      isCut,
      tables: tables.names,
    },
    counts: counted.largest(),
  }
}

async function readTally({
  path,
  files,
  onsetUs,
  localAddresses,
}: BundleToRead): Promise<{ tally: Tally; isCut: boolean }> {
  const tally = createTally(new Set(localAddresses.flatMap(bytesOfAddress)))
  const archive = await open(path, 'r')
  let read = 0
  try {
    const parts = new Map((await listBundle(archive)).map((part) => [part.name, part]))
    const inOrder = [...files].sort(
      (left, right) => Number(left.source === 'capture') - Number(right.source === 'capture'),
    )
    for (const { name, source, timestampResolution } of inOrder) {
      const part = parts.get(name)
      if (part === undefined) throw new Error(`The bundle lacks ${name}, which its manifest names.`)
      if (part.bytes === 0 || read >= PACKETS_MAX) continue
      await readCapture(bytesOf(archive, part), timestampResolution, (data, linkType, atUs) => {
        if (source === 'ring') {
          if (atUs < onsetUs - RISING_US) tally.seenBefore(data, linkType)
          return
        }
        read += 1
        if (read <= PACKETS_MAX) tally.add(data, linkType)
      })
    }
  } finally {
    await archive.close()
  }
  return { tally: tally.result(), isCut: read > PACKETS_MAX }
}

type Counted = { packets: number; addresses: number; name: string | null }

function countPlaces(tally: Tally, places: ReadonlyMap<string, Place>) {
  const kinds = {
    country: new Map<string, Counted>(),
    network: new Map<string, Counted>(),
    prefix: new Map<string, Counted>(),
  }
  const add = (kind: keyof typeof kinds, key: string, packets: number, name: string | null = null): void => {
    const known = kinds[kind].get(key)
    if (known) {
      known.packets += packets
      known.addresses += 1
    } else kinds[kind].set(key, { packets, addresses: 1, name })
  }
  for (const [source, packets] of tally.counts) {
    const place = places.get(source)
    add('prefix', prefixOf(source), packets)
    if (place?.country) add('country', place.country, packets)
    if (place?.network) add('network', String(place.network.number), packets, place.network.name)
  }
  return {
    kinds,
    packetsIn: (kind: keyof typeof kinds): number =>
      [...kinds[kind].values()].reduce((sum, one) => sum + one.packets, 0),
    largest: (): SourceCount[] =>
      (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) =>
        [...kinds[kind]]
          .sort(([leftKey, left], [rightKey, right]) => right.packets - left.packets || (leftKey < rightKey ? -1 : 1))
          .slice(0, KEPT[kind])
          .map(([key, one]) => ({ kind, key, ...one })),
      ),
  }
}
