import { execa } from 'execa'

/** What `nft` said to a script: null when it was taken. */
export type NftRefusal = string | null

export async function applyNft(lines: readonly string[]): Promise<NftRefusal> {
  const { exitCode, stderr, message } = await execa('nft', ['-f', '-'], {
    input: `${lines.join('\n')}\n`,
    timeout: 10_000,
    reject: false,
  }).then((result) => ({ ...result, message: 'message' in result ? String(result.message) : '' }))
  if (exitCode === 0) return null
  return (
    String(stderr)
      .split('\n')
      .find((line) => line.includes('Error')) ??
    (String(stderr).trim() || message.split('\n')[0] || 'nft failed')
  )
}

export type Feature = { name: string; lines(table: string): string[] }

const rule = (name: string, expression: string): Feature => ({
  name,
  lines: (table) => [`add rule ${table} probe ${expression}`],
})

/** Everything the agent's own rulesets are made of. */
export const FEATURES: readonly Feature[] = [
  rule('limit', 'limit rate over 1000/second burst 100 packets counter'),
  rule('numgen', 'numgen random mod 100 == 0 counter'),
  rule('log group', 'log prefix "p" group 5399 snaplen 128 queue-threshold 1'),
  rule('mark', 'meta mark set meta mark | 0x10000000'),
  rule('raw payload', 'meta l4proto 17 @th,64,32 0x01020304 counter'),
  {
    name: 'dynset',
    lines: (table) => [
      `add set ${table} seen { type ipv4_addr; flags dynamic,timeout; size 1024; timeout 10s; }`,
      `add rule ${table} probe update @seen { ip saddr }`,
    ],
  },
  {
    name: 'vmap with timeout',
    lines: (table) => [
      `add map ${table} alive { type nf_proto : verdict; flags timeout; }`,
      `add chain ${table} target`,
      `add element ${table} alive { ipv4 timeout 1s : jump target }`,
      `add rule ${table} probe meta nfproto vmap @alive`,
    ],
  },
  {
    name: 'prerouting hook',
    lines: (table) => [`add chain ${table} wire { type filter hook prerouting priority -450; policy accept; }`],
  },
]

/** Tries each feature in a table of its own that is deleted again; returns the refused ones. */
export async function probeFeatures(table: string): Promise<{ name: string; refusal: string }[]> {
  const own = `inet ${table}`
  const base = await applyNft([`add table ${own}`, `add chain ${own} probe`])
  if (base !== null) return [{ name: 'inet table', refusal: base }]
  const refused: { name: string; refusal: string }[] = []
  try {
    for (const { name, lines } of FEATURES) {
      const refusal = await applyNft(lines(own))
      if (refusal !== null) refused.push({ name, refusal })
    }
    // A table with an owner vanishes with the nft process that made it.
    const owner = await applyNft([`add table ${own}_owned { flags owner; }`])
    if (owner !== null) refused.push({ name: 'table owner', refusal: owner })
  } finally {
    await applyNft([`delete table ${own}`])
  }
  return refused
}

/** Places in `nft list ruleset` and `ip rule` output that use one bit of the packet mark, ours left out. */
export function findMarkUsers(bit: number, ruleset: string, rules: string, ownTables: readonly string[]): string[] {
  const users = new Set<string>()
  let table = ''
  for (const line of ruleset.split('\n')) {
    const header = /^table (\S+ \S+)/.exec(line)
    if (header) table = header[1] ?? ''
    if (ownTables.includes(table.split(' ')[1] ?? '')) continue
    const value = /meta mark (?:set |& |!= |== )?.*?(0x[0-9a-f]+)/.exec(line)
    if (value && usesBit(Number(value[1]), bit)) users.add(`table ${table}`)
  }
  for (const match of rules.matchAll(/fwmark (0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?/g))
    if (usesBit(match[2] ? Number(match[2]) : 0xffff_ffff, bit)) users.add(`policy routing (${match[0]})`)
  return [...users]
}

const usesBit = (value: number, bit: number): boolean => (value & bit) >>> 0 !== 0
