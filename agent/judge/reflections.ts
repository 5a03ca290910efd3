import type { VectorId } from '../../wire/vectors'
import type { Match, PayloadMatch } from '../mitigate/match'

/**
 * Reflection by source port, with the payload that proves it where the port alone does not.
 * Source: CISA TA14-017A and the protocols' own documents. Payload of UDP starts at bit 64 of the transport header.
 */
export type ReflectionSignature = {
  vectorId: VectorId
  sourcePorts?: readonly number[]
  sourcePortRange?: { low: number; high: number }
  payload?: readonly PayloadMatch[]
}

const bytes = (offsetBits: number, ...values: number[]): PayloadMatch => ({
  offsetBits,
  bits: values.length * 8,
  bytes: values,
})
const bits = (offsetBits: number, count: number, value: number): PayloadMatch => ({
  offsetBits,
  bits: count,
  bytes: [value],
})

const PAYLOAD = 64
const IS_DNS_ANSWER = [bits(80, 1, 1)]
const BER_SEQUENCE = [bytes(PAYLOAD, 0x30)]
const NTP_CONTROL_OR_PRIVATE = [bits(69, 3, 6), bits(69, 3, 7)]
const sourceAnswer = (type: number): PayloadMatch => bytes(PAYLOAD, 0xff, 0xff, 0xff, 0xff, type)

export const REFLECTIONS: readonly ReflectionSignature[] = [
  { vectorId: 'dns_amp', sourcePorts: [53], payload: IS_DNS_ANSWER },
  { vectorId: 'ntp_monlist', sourcePorts: [123], payload: NTP_CONTROL_OR_PRIVATE },
  { vectorId: 'ssdp_amp', sourcePorts: [1900], payload: [bytes(PAYLOAD, 0x48, 0x54, 0x54, 0x50)] },
  { vectorId: 'cldap_amp', sourcePorts: [389], payload: BER_SEQUENCE },
  { vectorId: 'snmp_amp', sourcePorts: [161], payload: BER_SEQUENCE },
  { vectorId: 'memcached_amp', sourcePorts: [11_211] },
  { vectorId: 'chargen', sourcePorts: [19] },
  { vectorId: 'qotd', sourcePorts: [17] },
  { vectorId: 'wsd_amp', sourcePorts: [3702], payload: [bytes(PAYLOAD, 0x3c, 0x3f)] },
  { vectorId: 'arms', sourcePorts: [3283] },
  { vectorId: 'mdns_amp', sourcePorts: [5353], payload: IS_DNS_ANSWER },
  { vectorId: 'rpcbind', sourcePorts: [111] },
  { vectorId: 'netbios', sourcePorts: [137] },
  { vectorId: 'ripv1', sourcePorts: [520] },
  { vectorId: 'tftp', sourcePorts: [69] },
  { vectorId: 'slp', sourcePorts: [427] },
  { vectorId: 'coap', sourcePorts: [5683] },
  { vectorId: 'ipmi', sourcePorts: [623] },
  { vectorId: 'mssql', sourcePorts: [1434], payload: [bytes(PAYLOAD, 0x05)] },
  { vectorId: 'ubnt', sourcePorts: [10_001] },
  { vectorId: 'dhdiscover', sourcePorts: [37_810], payload: [bytes(PAYLOAD, 0x20, 0, 0, 0, 0x44, 0x48, 0x49, 0x50)] },
  { vectorId: 'tp240', sourcePorts: [10_074] },
  { vectorId: 'jenkins', sourcePorts: [33_848] },
  { vectorId: 'bacnet', sourcePorts: [47_808], payload: [bytes(PAYLOAD, 0x81)] },
  { vectorId: 'ike', sourcePorts: [500, 4500] },
  {
    vectorId: 'a2s_reflect',
    sourcePortRange: { low: 27_015, high: 27_050 },
    payload: [0x49, 0x44, 0x45, 0x6d].map(sourceAnswer),
  },
  {
    vectorId: 'quake3_reflect',
    sourcePortRange: { low: 27_960, high: 27_970 },
    payload: [bytes(PAYLOAD, 0xff, 0xff, 0xff, 0xff)],
  },
]

/** The signature as a cut's selector. Answers that this node asked for are exempt by their mark. */
export const reflectionMatch = ({ sourcePorts, sourcePortRange, payload }: ReflectionSignature): Match => ({
  protocol: 'udp',
  sourcePorts,
  sourcePortRange,
  payload,
})
