import { spawn } from 'node:child_process'
import { execa } from 'execa'
import { until } from './clock'
import { inNamespace, runInside } from './network'
import { FORGED, GAME_INTERFACE, NODE_NAMES, type NodeName } from './topology'

/** What an observer outside the agent sees: the first attack frame, frames on the wire, and the state of nft tables. */

const OBSERVER_TABLE = 'observer'

/** Counts forged frames on their way to each server, on the transit side of the wire. */
export async function armWireCounters(runId: string): Promise<void> {
  const rules = NODE_NAMES.flatMap((node) => [
    `ip saddr ${FORGED.cidr4} oifname "to-${node}" counter name ${counterName(node)}`,
    `ip6 saddr ${FORGED.cidr6} oifname "to-${node}" counter name ${counterName(node)}`,
  ])
  const table = `table bridge ${OBSERVER_TABLE} {
${NODE_NAMES.map((node) => `  counter ${counterName(node)} { }`).join('\n')}
  chain wire {
    type filter hook forward priority 0
    ${rules.join('\n    ')}
  }
}
`
  await runInside(runId, 'transit', 'nft', ['-f', '-'], { input: table })
}

const counterName = (node: NodeName): string => node.replace('-', '_')

export async function readWireCounter(runId: string, node: NodeName): Promise<{ packets: number; bytes: number }> {
  const text = await runInside(runId, 'transit', 'nft', [
    '-j',
    'list',
    'counter',
    'bridge',
    OBSERVER_TABLE,
    counterName(node),
  ])
  const listed = JSON.parse(text) as { nftables: { counter?: { packets: number; bytes: number } }[] }
  const counter = listed.nftables.find((entry) => entry.counter)?.counter
  return { packets: counter?.packets ?? 0, bytes: counter?.bytes ?? 0 }
}

export type FirstPacketWatch = { firstUs: Promise<number>; stop: () => void }

/** Starts tcpdump before netfilter in the server's namespace; answers once it listens. */
export async function watchFirstPacket(runId: string, node: NodeName): Promise<FirstPacketWatch> {
  const filter = `src net ${FORGED.cidr4} or src net ${FORGED.cidr6}`
  const options = [
    '-i',
    GAME_INTERFACE,
    '-p',
    '-n',
    '-tt',
    '-s',
    '64',
    '-c',
    '1',
    '--immediate-mode',
    '-Z',
    'root',
    filter,
  ]
  const child = spawn(...inNamespace(runId, node, 'tcpdump', options), { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const firstUs = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      const stamp = /^(\d+)\.(\d{6}) /m.exec(output)
      if (stamp) resolve(Number(stamp[1]) * 1e6 + Number(stamp[2]))
    })
    child.once('exit', (code) => reject(new Error(`tcpdump ended with ${code} and saw no attack packet`)))
  })
  firstUs.catch(() => {})
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      if (String(chunk).includes('listening on')) resolve()
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error('tcpdump ended before it listened')))
  })
  return { firstUs, stop: () => child.kill() }
}

/** Rules that would drop, rules that only count, and elements without an end of their own. */
export type Standing = { dropping: number; counting: number; lasting: number }

/** What a listed cut table does. Pure. */
export function standingOf(listing: string): Standing {
  const { nftables } = JSON.parse(listing) as { nftables: NftEntry[] }
  const rules = nftables.flatMap(({ rule }) => (rule ? [rule] : []))
  const says = (rule: NftRule, word: string) => rule.expr.some((one) => word in one)
  const elements = nftables.flatMap(({ set, map }) => [...(set?.elem ?? []), ...(map?.elem ?? [])])
  return {
    dropping: rules.filter((rule) => says(rule, 'drop')).length,
    counting: rules.filter((rule) => rule.comment !== undefined && !says(rule, 'drop')).length,
    lasting: elements.filter((element) => !JSON.stringify(element).includes('"expires"')).length,
  }
}

type NftRule = { comment?: string; expr: Record<string, unknown>[] }

type NftEntry = { chain?: unknown; rule?: NftRule; set?: { elem?: unknown[] }; map?: { elem?: unknown[] } }

/** Rules, chains and elements in a listed table. Pure. */
export function countTable(listing: string): number {
  const { nftables } = JSON.parse(listing) as { nftables: NftEntry[] }
  return nftables.reduce((sum, { chain, rule, set, map }) => {
    const elements = (set?.elem?.length ?? 0) + (map?.elem?.length ?? 0)
    return sum + (chain ? 1 : 0) + (rule ? 1 : 0) + elements
  }, 0)
}

/**
 * Chains, rules, sets and maps of one table or of all of them, as nft's JSON; null where there is no such table. They are asked
 * for by their names: nft 1.0.6 prints the flag of a table after it freed it, so a listing that holds a table with an owner
 * may break off there, and does so each time until the rules change.
 */
export async function listNft(runId: string, node: NodeName, table?: string): Promise<string | null> {
  let heard = 'nothing'
  const list = async () => {
    const nft = (args: string[], input = '') =>
      execa(...inNamespace(runId, node, 'nft', args), { reject: false, timeout: 10_000, input })
    const text = await nft(['-t', 'list', ...(table === undefined ? ['ruleset'] : ['table', 'inet', table])])
    if (table !== undefined && text.stderr.includes(NO_SUCH)) return { listing: null }
    const commands = commandsFor(text.stdout)
    if (text.exitCode === 0 && commands.length === 0) return { listing: '{"nftables":[]}' }
    // By lines: commands of one line share what nft has read of the kernel, and trip over it.
    const said = text.exitCode === 0 ? await nft(['-j', '-i'], commands.map((one) => `${one}\n`).join('')) : text
    heard = `${said.stdout.slice(-200)} ${said.stderr}`
    const listing = said.exitCode === 0 ? joined(said.stdout, commands.length) : null
    // What stood a moment ago may be gone: then all is asked for again.
    return listing === null ? null : { listing }
  }
  const found = await until('nft to list what stands', list, { timeoutMs: 5_000, everyMs: 50 }).catch(
    (error: Error) => {
      throw new Error(`${error.message} (${table ?? 'ruleset'} on ${node}): it said ${heard}`)
    },
  )
  return found.listing
}

const NO_SUCH = 'No such file or directory'

/** A command for each chain, set and map of a listing in nft's own words. Pure. */
export function commandsFor(text: string): string[] {
  const commands: string[] = []
  let table = ''
  for (const line of text.split('\n')) {
    const [, what, name] = /^\t?(table|chain|set|map) (.+) \{/.exec(line) ?? []
    if (what === 'table') table = name as string
    else if (what !== undefined) commands.push(`list ${what} ${table} ${name}`)
  }
  return commands
}

/** One document a command → one of them all; null when one is torn or missing. */
function joined(documents: string, count: number): string | null {
  const lines = documents.split('\n').filter((line) => line !== '')
  if (lines.length !== count || !lines.every(isJson)) return null
  const nftables = lines.flatMap((line) => (JSON.parse(line) as { nftables: unknown[] }).nftables)
  return JSON.stringify({ nftables })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Everything that stands in the node's cut table: 0 where there is no such table. */
export async function countCutTable(runId: string, node: NodeName, table: string): Promise<number> {
  const listing = await listNft(runId, node, table)
  return listing === null ? 0 : countTable(listing)
}

export async function readStanding(runId: string, node: NodeName, table: string): Promise<Standing> {
  const listing = await listNft(runId, node, table)
  return listing === null ? { dropping: 0, counting: 0, lasting: 0 } : standingOf(listing)
}
