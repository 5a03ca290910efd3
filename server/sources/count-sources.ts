import { isIP } from 'node:net'
import { addressesOf } from './read-capture'

/** Addresses are kept as text of their bytes: one character a byte. */
export type Tally = {
  /** Packets of the attack by source. */
  counts: Map<string, number>
  packets: number
  knownPackets: number
  knownAddresses: number
  otherPackets: number
}

/**
 * Counts sources of what came in during the attack. `ring` takes what was recorded before it: who spoke with the server then
 * is a player or a friend, also where an attacker forges that address, and is counted apart.
 */
export function createTally(localAddresses: ReadonlySet<string>) {
  const before = new Set<string>()
  const known = new Set<string>()
  const tally: Tally = { counts: new Map(), packets: 0, knownPackets: 0, knownAddresses: 0, otherPackets: 0 }
  const sourceOf = (data: Buffer, linkType: number): string | null => {
    const addresses = addressesOf(data, linkType)
    if (addresses === null) return null
    const source = addresses.source.toString('latin1')
    return localAddresses.has(source) ? null : source
  }
  return {
    seenBefore: (data: Buffer, linkType: number): void => {
      const source = sourceOf(data, linkType)
      if (source !== null) before.add(source)
    },
    add: (data: Buffer, linkType: number): void => {
      const source = sourceOf(data, linkType)
      if (source === null) tally.otherPackets += 1
      else if (before.has(source)) {
        tally.knownPackets += 1
        known.add(source)
      } else {
        tally.packets += 1
        tally.counts.set(source, (tally.counts.get(source) ?? 0) + 1)
      }
    },
    result: (): Tally => ({ ...tally, knownAddresses: known.size }),
  }
}

const V4_KEPT = 3
const V6_KEPT = 6

/** `203.0.113.0/24`, `2001:db8:1::/48`. */
export function prefixOf(source: string): string {
  if (source.length === 4) {
    const bytes = [...source.slice(0, V4_KEPT)].map((byte) => byte.charCodeAt(0))
    return `${bytes.join('.')}.0/24`
  }
  const words = Array.from({ length: V6_KEPT / 2 }, (_, index) =>
    ((source.charCodeAt(index * 2) << 8) | source.charCodeAt(index * 2 + 1)).toString(16),
  )
  return `${words.join(':').replace(/(:0)+$/, '')}::/48`
}

/** As people write it. */
export function addressText(source: string): string {
  const bytes = [...source].map((byte) => byte.charCodeAt(0))
  if (bytes.length === 4) return bytes.join('.')
  return Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  ).join(':')
}

/** Bytes of an address as people write it, in the form used here; none where it is no address. */
export function bytesOfAddress(text: string): string[] {
  const version = isIP(text)
  if (version === 4) return [String.fromCharCode(...text.split('.').map(Number))]
  if (version !== 6 || text.includes('.')) return []
  const [head = '', tail = ''] = (text.split('%')[0] as string).split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  const [left, right] = [words(head), words(tail)]
  const all = [...left, ...Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right]
  return [String.fromCharCode(...all.flatMap((word) => [word >> 8, word & 0xff]))]
}
