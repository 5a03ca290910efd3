/**
 * The only vocabulary of attack vectors. `id` is stored, sent and shown in APIs; `name` is for people;
 * `family` is the name that public capture collections use for it.
 */
export type VectorKind = 'reflection' | 'udp' | 'tcp'

export type VectorDefinition = { name: string; family: string; kind: VectorKind }

const reflection = (name: string, family: string): VectorDefinition => ({ name, family, kind: 'reflection' })

export const VECTORS = {
  dns_amp: reflection('DNS reflection', 'dns_amplification'),
  ntp_monlist: reflection('NTP monlist reflection', 'ntp_amplification'),
  ssdp_amp: reflection('SSDP reflection', 'ssdp_amplification'),
  cldap_amp: reflection('CLDAP reflection', 'cldap_amplification'),
  snmp_amp: reflection('SNMP reflection', 'snmp_amplification'),
  memcached_amp: reflection('memcached reflection', 'memcached_amplification'),
  chargen: reflection('CharGEN reflection', 'chargen_amplification'),
  qotd: reflection('QOTD reflection', 'qotd_amplification'),
  wsd_amp: reflection('WS-Discovery reflection', 'wsd_amplification'),
  arms: reflection('Apple Remote Desktop reflection', 'arms_amplification'),
  mdns_amp: reflection('mDNS reflection', 'mdns_amplification'),
  rpcbind: reflection('portmap reflection', 'portmap_amplification'),
  netbios: reflection('NetBIOS reflection', 'netbios_amplification'),
  ripv1: reflection('RIPv1 reflection', 'ripv1_amplification'),
  tftp: reflection('TFTP reflection', 'tftp_amplification'),
  slp: reflection('SLP reflection', 'slp_amplification'),
  coap: reflection('CoAP reflection', 'coap_amplification'),
  ipmi: reflection('IPMI reflection', 'ipmi_amplification'),
  mssql: reflection('MSSQL browser reflection', 'mssql_amplification'),
  ubnt: reflection('Ubiquiti discovery reflection', 'ubnt_amplification'),
  dhdiscover: reflection('DHDiscover reflection', 'dhdiscover_amplification'),
  tp240: reflection('TP-240 reflection', 'tp240_amplification'),
  jenkins: reflection('Jenkins discovery reflection', 'jenkins_amplification'),
  bacnet: reflection('BACnet reflection', 'bacnet_amplification'),
  ike: reflection('IKE reflection', 'isakmp_reflection'),
  a2s_reflect: reflection('Source query reflection', 'a2s_reflection'),
  quake3_reflect: reflection('Quake 3 status reflection', 'quake3_reflection'),
  generic_reflect: reflection('reflection from one source port', 'generic_reflection'),
  udp_flood_fixed: { name: 'UDP flood, one fingerprint', family: 'udp_flood', kind: 'udp' },
  udp_flood_random: { name: 'UDP flood, varied packets', family: 'udp_flood', kind: 'udp' },
  syn_flood: { name: 'SYN flood', family: 'syn_flood', kind: 'tcp' },
} as const satisfies Record<string, VectorDefinition>

export type VectorId = keyof typeof VECTORS

export const VECTOR_IDS = Object.keys(VECTORS) as [VectorId, ...VectorId[]]
