import type { Stage } from '@/app/_lib/stage-layout'

/**
 * Every figure that the public pages show, as README.md and docs/measured.md have it: `measured.test.ts` fails when one is not there.
 * A page takes its figures from here and from the price table alone.
 */
export const MACHINE = {
  words: 'Two cores, 24 GiB, kernel 6.18, nft 1.0.6, Node 20.20',
  date: '2026-11-21',
  shares: 'generator, server, players and platform share two cores',
} as const

export type MeasuredStage = {
  key: string
  label: string
  by: Stage['by']
  medianMs: number
  worstMs: number
  promisedMs: number
}

/** README, `bin/demo --runs 20`. Promised: of a hundred, ninety-nine are faster. */
export const STAGES: readonly MeasuredStage[] = [
  { key: 'detected', label: 'detected, with its vector', by: 'node', medianMs: 7.3, worstMs: 16.3, promisedMs: 40 },
  { key: 'rule', label: 'drop rule in the kernel', by: 'node', medianMs: 8.7, worstMs: 21.7, promisedMs: 50 },
  { key: 'stored', label: 'incident stored', by: 'platform', medianMs: 33.9, worstMs: 70.7, promisedMs: 100 },
  { key: 'alert', label: 'first alert request', by: 'platform', medianMs: 46.2, worstMs: 90.8, promisedMs: 200 },
  {
    key: 'evidence',
    label: 'evidence from before the attack on disk',
    by: 'node',
    medianMs: 50.2,
    worstMs: 95.8,
    promisedMs: 200,
  },
  { key: 'page', label: 'status page says so', by: 'platform', medianMs: 72.7, worstMs: 149.2, promisedMs: 300 },
]
export const STAGE_SET = { floods: '20 floods of 8 s', rate: '150,000 packets a second', command: 'bin/demo --runs 20' }

/** docs/measured.md, first row: of those floods, the worst for the players. */
export const WORST_RUN = { rule: '21.7', lost: '0 of 32,102', held: '99.83 %' } as const

/** As the incident page draws them. */
export const MEDIAN_STAGES: Stage[] = STAGES.map(({ key, label, by, medianMs }) => ({ key, label, by, atMs: medianMs }))

export type Scenario = {
  name: string
  what: string
  /** From the first packet: median, and worst of ten; null where it was not stated. */
  ruleMs: { median: string; worst: string } | null
  held: string
  lost: string
  command: string
}

/** docs/measured.md, "What goes wrong around the main job" and the table at its top. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'DNS reflection',
    what: '100 kpps of 1,138 bytes',
    ruleMs: null,
    held: '100 %',
    lost: '0 of 23,996',
    command: 'dns-reflection',
  },
  { name: 'SYN flood', what: '150 kpps', ruleMs: null, held: '99.99 %', lost: '0 of 31,030', command: 'syn-flood' },
  {
    name: 'UDP flood, random content',
    what: 'at the game port',
    ruleMs: { median: '11.4', worst: '21.9' },
    held: '99.74 %',
    lost: '0 of 43,254',
    command: 'udp-random',
  },
  {
    name: 'UDP flood over IPv6',
    what: 'the same rules, both families',
    ruleMs: { median: '10.6', worst: '15.3' },
    held: '99.71 %',
    lost: '0 of 43,542',
    command: 'ipv6-flood',
  },
  {
    name: 'Pulses',
    what: '5 s on, 20 s off, four times: one incident',
    ruleMs: { median: '11.0', worst: '23.5' },
    held: '99.78 to 99.80 %',
    lost: '0 of 96,962',
    command: 'pulse',
  },
]

export const SURGE = { incidents: '0 incidents', growth: 'eight times the packets within 30 s', lost: '0 of 498,630' }

export const OUTAGES = {
  gatewayAway: { detected: '11.0 ms', rule: '16.1 ms', alert: '24 ms' },
  agentKilled: '2,074 ms',
  replay: { samples: '86,400 samples', took: '22.6 s', faults: '0 missing, 0 twice, 0 out of order' },
} as const

/** docs/measured.md, "Cost of the agent": agent and children, and the same ten floods with the other product beside. */
export const COST = {
  date: '2026-11-22',
  memory: '76.2 MB',
  memoryPromised: '80 MB',
  idleCpu: '0.091 %',
  idleCpuPromised: '0.1 %',
  playersCpu: '0.234 %',
  players: '1,980 packets/s',
  playersCpuPromised: '0.25 %',
} as const

export const PEER = {
  date: '2026-11-22',
  name: 'FastNetMon',
  script: '3,185 ms',
  ours: '8.15',
  oursWorst: '22.76 ms',
  rate: '106,068 packets/s',
  cpu: '0.157 against 2.089 µs',
  cpuTimes: '13.4 times',
} as const

export const MAIL = { median: '23.3 ms', worst: '94.9' } as const

export const INSTALL = { bareDebian: '200 s' } as const
