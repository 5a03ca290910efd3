import { ValidationError } from './errors'

/** A range of addresses: `10.0.0.0/8`, with nothing set behind the prefix. */
export type NetworkRange = { family: 4 | 6; prefix: number; text: string }

const BITS = { 4: 32, 6: 128 } as const

/**
 * Reads an address or a network of either family into its one spelling.
 * @throws ValidationError that names the text
 */
export function parseNetwork(given: string): NetworkRange {
  const [address = '', length, ...rest] = given.trim().split('/')
  const family = address.includes(':') ? 6 : 4
  const bits = BITS[family]
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  const value = family === 4 ? readIpv4(address) : readIpv6(address)
  if (value === null || rest.length > 0 || !(prefix <= bits)) throw unreadable(given)
  const masked = (value >> BigInt(bits - prefix)) << BigInt(bits - prefix)
  const written = family === 4 ? writeIpv4(masked) : writeIpv6(masked)
  return { family, prefix, text: `${written}/${prefix}` }
}

const unreadable = (given: string): ValidationError =>
  new ValidationError(
    `'${given.slice(0, 64)}' is no network. Write it like 203.0.113.0/24 or 2001:db8::/32, or give one address.`,
    'friends',
  )

function readIpv4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n)
}

const writeIpv4 = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')

/** Eight groups, of which `::` stands for those left out once; no embedded IPv4, no zone. */
function readIpv6(text: string): bigint | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n)
}

/** The shortest spelling (RFC 5952): the longest run of zero groups left out. */
function writeIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 65_535n))
  let run = { from: 0, length: 1 }
  for (let from = 0; from < 8; from++) {
    let length = 0
    while (from + length < 8 && groups[from + length] === 0) length++
    if (length > run.length) run = { from, length }
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':')
  if (run.length < 2) return hex(groups)
  return `${hex(groups.slice(0, run.from))}::${hex(groups.slice(run.from + run.length))}`
}
