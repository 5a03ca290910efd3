import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { AsnResponse, CountryResponse, Reader } from 'maxmind'
import { addressText } from './count-sources'

export type Place = { country: string | null; network: { number: number; name: string | null } | null }

export type PlaceTables = {
  /** Names of the tables, for who wants to know where an answer comes from; null where there is none. */
  names: { country: string | null; network: string | null }
  /** Where these addresses are registered. */
  place: (sources: readonly string[]) => Promise<Map<string, Place>>
}

type CountryRow = { country_code?: string } & Partial<CountryResponse>

/**
 * Tables of countries and networks: `country.mmdb` and `asn.mmdb` of `directory` where they lie there, else those that come
 * with the platform. Read for each call and let go of: they are wanted once an incident, and take tens of megabytes.
 */
export function openPlaceTables(directory: string): PlaceTables {
  const own = (name: string): string | null => {
    const path = join(directory, name)
    return directory !== '' && existsSync(path) ? path : null
  }
  const country =
    own('country.mmdb') ?? packaged('@ip-location-db/geo-whois-asn-country-mmdb', 'geo-whois-asn-country.mmdb')
  const network = own('asn.mmdb')
  const networkTable = network === null ? packaged('@ip-location-db/asn', 'asn-ipv4-num.csv') : null
  return {
    names: {
      country: own('country.mmdb')
        ? 'country.mmdb of this platform'
        : nameOf('@ip-location-db/geo-whois-asn-country-mmdb'),
      network: network ? 'asn.mmdb of this platform' : nameOf('@ip-location-db/asn'),
    },
    place: async (sources) => {
      const countryOf = country === null ? () => null : await countryReader(country)
      const networkOf =
        network !== null
          ? await networkReader(network)
          : networkTable !== null
            ? await networksFromText(dirname(networkTable), sources)
            : () => null
      return new Map(sources.map((source) => [source, { country: countryOf(source), network: networkOf(source) }]))
    },
  }
}

const require = createRequire(import.meta.url)

function packaged(name: string, file: string): string | null {
  try {
    return require.resolve(`${name}/${file}`)
  } catch {
    return null
  }
}

function nameOf(name: string): string | null {
  const path = packaged(name, 'package.json')
  if (path === null) return null
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
  return `${name} ${version}`
}

async function open<Row extends CountryResponse | AsnResponse>(path: string): Promise<Reader<Row>> {
  const { Reader } = await import('maxmind')
  return new Reader<Row>(readFileSync(path))
}

async function countryReader(path: string): Promise<(source: string) => string | null> {
  const reader = await open<CountryResponse>(path)
  return (source) => {
    const row = reader.get(addressText(source)) as CountryRow | null
    const code = row?.country_code ?? row?.country?.iso_code ?? ''
    return /^[A-Z]{2}$/.test(code) ? code : null
  }
}

async function networkReader(path: string): Promise<(source: string) => Place['network']> {
  const reader = await open<AsnResponse>(path)
  return (source) => {
    const row = reader.get(addressText(source))
    const number = row?.autonomous_system_number ?? 0
    return number > 0 ? { number, name: row?.autonomous_system_organization?.slice(0, 200) ?? null } : null
  }
}

/**
 * The packaged table of networks is text, sorted by address: one walk through it beside the sorted sources answers all of
 * them, and nothing of it stays in memory.
 */
async function networksFromText(
  directory: string,
  sources: readonly string[],
): Promise<(source: string) => Place['network']> {
  const found = new Map<string, Place['network']>()
  const of = (length: number) => sources.filter((source) => source.length === length).sort()
  await walk(join(directory, 'asn-ipv4-num.csv'), of(4), Number, found)
  await walk(join(directory, 'asn-ipv6-num.csv'), of(16), BigInt, found)
  return (source) => found.get(source) ?? null
}

const hexOf = (source: string): string => Buffer.from(source, 'latin1').toString('hex')

async function walk<Value extends number | bigint>(
  path: string,
  sorted: string[],
  toValue: (text: string) => Value,
  found: Map<string, Place['network']>,
): Promise<void> {
  if (sorted.length === 0) return
  let at = 0
  let value = toValue(`0x${hexOf(sorted[0] as string)}`)
  let held = ''
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
    const lines = (held + piece).split('\n')
    held = lines.pop() ?? ''
    for (const line of lines) {
      const first = line.indexOf(',')
      const second = line.indexOf(',', first + 1)
      const end = toValue(line.slice(first + 1, second))
      if (end < value) continue
      const start = toValue(line.slice(0, first))
      while (value <= end) {
        if (value >= start) found.set(sorted[at] as string, readNetwork(line.slice(second + 1)))
        at += 1
        if (at === sorted.length) return
        value = toValue(`0x${hexOf(sorted[at] as string)}`)
      }
    }
  }
}

/** `13335,"Cloudflare, Inc."` */
function readNetwork(text: string): Place['network'] {
  const comma = text.indexOf(',')
  const number = Number(text.slice(0, comma))
  const name = text
    .slice(comma + 1)
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('""', '"')
  return number > 0 ? { number, name: name === '' ? null : name.slice(0, 200) } : null
}
