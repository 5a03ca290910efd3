import { FORGED, GAME_PORT, ipv4Number, ipv6Bytes, TCP_PORT } from './topology'

/** Floods as trafgen packet descriptions. Pure: the same flood always renders the same text for the same target. */

export const FLOODS = ['udp-flood', 'dns-reflection', 'syn-flood', 'udp-random', 'ipv6-flood'] as const
export type FloodName = (typeof FLOODS)[number]

export const FLOOD_VARIANTS = {
  'udp-flood': ['fixed', 'random'],
  'dns-reflection': ['any', 'txt'],
  'syn-flood': ['bare', 'options'],
  'udp-random': ['random'],
  'ipv6-flood': ['fixed', 'random'],
} as const satisfies Record<FloodName, readonly [string, ...string[]]>

export type Flood = {
  name: FloodName
  variant: string
  /** Frames each second that trafgen is asked for. */
  pps: number
  /** Length of one frame on the wire without checksum, bytes; the mean where it varies. */
  frameBytes: number
  /** Vector ids that name this flood rightly. */
  vectorIds: string[]
  packets: string[]
  /** Templates are picked at random, not in turn. */
  shuffled?: true
}

export type Target = { address: string; address6: string; mac: string; attackerMac: string }

const ETHERNET_BYTES = 14
const IPV4_BYTES = 20
const IPV6_BYTES = 40
const UDP_BYTES = 8

export function planFlood(name: FloodName, variant: string, target: Target): Flood {
  if (!(FLOOD_VARIANTS[name] as readonly string[]).includes(variant)) {
    throw new Error(`${name} has no variant ${variant}; it has ${FLOOD_VARIANTS[name].join(', ')}`)
  }
  if (name === 'udp-flood') return udpFlood(variant, target)
  if (name === 'dns-reflection') return dnsReflection(variant, target)
  if (name === 'syn-flood') return synFlood(variant, target)
  if (name === 'udp-random') return udpRandom(variant, target)
  return ipv6Flood(variant, target)
}

const ethernet = ({ mac, attackerMac }: Target): string => `eth(da=${mac}, sa=${attackerMac}, type=0x0800)`
const anySource = `drnd(${FORGED.first4}, ${FORGED.last4})`
const bytes = (data: Buffer): string => [...data].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')
const mean = (values: number[]): number => Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)

function udpFlood(variant: string, target: Target): Flood {
  const header = `${ethernet(target)}, ipv4(sa=${anySource}, da=${target.address}, ttl=drnd(44, 60), id=drnd()), udp(sp=drnd(1024, 65535), dp=${GAME_PORT})`
  const fixed = [`{ ${header}, 0x5a, 0x10, 0x00, 0x7f, 0x00, 0x01, drnd(26), fill(0x20, 32) }`]
  const lengths = [18, 64, 131, 207, 322, 433, 509, 27, 96, 160]
  const random = lengths.map((length) => `{ ${header}, drnd(${length}) }`)
  const payload = variant === 'fixed' ? 64 : mean(lengths)
  return {
    name: 'udp-flood',
    variant,
    pps: 150_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES + payload,
    vectorIds: variant === 'fixed' ? ['udp_flood_fixed', 'udp_flood_random'] : ['udp_flood_random'],
    packets: variant === 'fixed' ? fixed : random,
  }
}

const TEMPLATES = 400
const DATA_BYTES_MAX = 1_200

/** Any length from none to a full datagram: so many lengths that no two packets in a row need be alike. */
const anyLength = Array.from({ length: TEMPLATES }, (_, at) => Math.round((at * DATA_BYTES_MAX) / (TEMPLATES - 1)))

/** Random data: the first bytes anew for each packet, the rest once for each template, as trafgen draws byte by byte. */
const noise = (length: number): string[] => [
  ...(length > 0 ? [`drnd(${Math.min(length, 32)})`] : []),
  ...(length > 32 ? [`rnd(${length - 32})`] : []),
]

function udpRandom(variant: string, target: Target): Flood {
  const header = `${ethernet(target)}, ipv4(sa=${anySource}, da=${target.address}, ttl=drnd(2, 255), id=drnd()), udp(sp=drnd(1024, 65535), dp=${GAME_PORT})`
  return {
    name: 'udp-random',
    variant,
    pps: 150_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES + mean(anyLength),
    vectorIds: ['udp_flood_random'],
    packets: anyLength.map((length) => `{ ${[header, ...noise(length)].join(', ')} }`),
    shuffled: true,
  }
}

/** Written byte by byte: trafgen varies only four bytes of an IPv6 address by itself. */
function ipv6Packet({ mac, attackerMac, address6 }: Target, hopLimit: string, length: number, data: string[]): string {
  const fields = [
    `eth(da=${mac}, sa=${attackerMac}, type=0x86dd)`,
    `0x60, 0, 0, 0, c16(${UDP_BYTES + length}), 17, ${hopLimit}`,
    `${bytes(FORGED.prefix6)}, drnd(${16 - FORGED.prefix6.length})`,
    bytes(ipv6Bytes(address6)),
    `drnd(2), c16(${GAME_PORT}), c16(${UDP_BYTES + length})`,
    `csumudp6(${ETHERNET_BYTES}, ${ETHERNET_BYTES + IPV6_BYTES})`,
    ...data,
  ]
  return `{ ${fields.join(', ')} }`
}

function ipv6Flood(variant: string, target: Target): Flood {
  const isFixed = variant === 'fixed'
  const data = ['0x5a, 0x10, 0x00, 0x7f, 0x00, 0x01', 'drnd(26)', 'fill(0x20, 32)']
  const fixed = () => [44, 47, 50, 53, 56, 60].map((hopLimit) => ipv6Packet(target, `${hopLimit}`, 64, data))
  const random = () => anyLength.map((length) => ipv6Packet(target, 'drnd(1)', length, noise(length)))
  return {
    name: 'ipv6-flood',
    variant,
    pps: 150_000,
    frameBytes: ETHERNET_BYTES + IPV6_BYTES + UDP_BYTES + (isFixed ? 64 : mean(anyLength)),
    vectorIds: isFixed ? ['udp_flood_fixed', 'udp_flood_random'] : ['udp_flood_random'],
    packets: isFixed ? fixed() : random(),
    shuffled: true,
  }
}

const DNS_ANY = 255
const DNS_TXT = 16

function resourceRecord(type: number, data: Buffer): Buffer {
  const record = Buffer.alloc(12)
  record.writeUInt16BE(0xc00c, 0)
  record.writeUInt16BE(type, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt32BE(3600, 6)
  record.writeUInt16BE(data.length, 10)
  return Buffer.concat([record, data])
}

const text = (length: number): Buffer =>
  Buffer.concat([Buffer.from([length]), Buffer.alloc(length, 'v=spf1 include:example.net ')])

/** Body of a DNS answer after its id: QR=1, one question, several answers, one EDNS record. */
export function dnsAnswerBody(question: number, textLengths: number[]): Buffer {
  const name = Buffer.from('\x07example\x03org\x00', 'latin1')
  const answers = textLengths.map((length) => resourceRecord(DNS_TXT, text(length)))
  if (question === DNS_ANY) {
    answers.push(resourceRecord(1, Buffer.from([203, 0, 113, 80])), resourceRecord(48, Buffer.alloc(132, 0x5e)))
  }
  const header = Buffer.alloc(10)
  header.writeUInt16BE(0x8180, 0)
  header.writeUInt16BE(1, 2)
  header.writeUInt16BE(answers.length, 4)
  header.writeUInt16BE(1, 8)
  const edns = Buffer.from([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([header, name, Buffer.from([0, question, 0, 1]), ...answers, edns])
}

function dnsReflection(variant: string, target: Target): Flood {
  const question = variant === 'any' ? DNS_ANY : DNS_TXT
  const bodies = [
    [250, 250, 250, 250],
    [240, 240, 180],
    [255, 255, 255, 120],
  ].map((lengths) => dnsAnswerBody(question, lengths))
  const reflectors = [ipv4Number('198.18.0.0'), ipv4Number('198.18.15.255')]
  const packets = bodies.map(
    (body) =>
      `{ ${ethernet(target)}, ipv4(sa=drnd(${reflectors.join(', ')}), da=${target.address}, ttl=drnd(48, 62), id=drnd()), ` +
      `udp(sp=53, dp=drnd(1024, 65535)), drnd(2), ${bytes(body)} }`,
  )
  return {
    name: 'dns-reflection',
    variant,
    pps: 100_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES + 2 + mean(bodies.map((body) => body.length)),
    vectorIds: ['dns_amp'],
    packets,
  }
}

/** MSS 1460, SACK permitted, time stamps, no-op, window scale 7: what a Linux client sends. */
const SYN_OPTIONS =
  '0x02, 0x04, 0x05, 0xb4, 0x04, 0x02, 0x08, 0x0a, drnd(4), 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07'

function synFlood(variant: string, target: Target): Flood {
  const withOptions = variant === 'options'
  const words = withOptions ? 10 : 5
  const ip = `ipv4(sa=${anySource}, da=${target.address}, ttl=drnd(44, 60), id=drnd(), df)`
  const tcp = `tcp(sp=drnd(1024, 65535), dp=${TCP_PORT}, seq=drnd(), doff=${words}, syn, win=${withOptions ? 64240 : 'drnd(512, 65535)'})`
  return {
    name: 'syn-flood',
    variant,
    pps: 150_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + words * 4,
    vectorIds: ['syn_flood'],
    packets: [`{ ${ethernet(target)}, ${ip}, ${tcp}${withOptions ? `, ${SYN_OPTIONS}` : ''} }`],
  }
}
