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

/** What nft lists on a node, as JSON text; null where there is no such table. */
export async function listNft(runId: string, node: NodeName, what: readonly string[]): Promise<string | null> {
  let heard = ''
  const list = async () => {
    const options = { reject: false, timeout: 10_000 }
    const said = await execa(...inNamespace(runId, node, 'nft', ['-j', 'list', ...what]), options)
    if (said.stderr.includes('No such file or directory')) return { listing: null }
    if (said.exitCode !== 0) throw new Error(`nft could not list ${what.join(' ')} on ${node}: ${said.stderr}`)
    // Of rules that change while it lists them nft may say nothing, or half of it, and call that a success.
    heard = `${said.stdout.length} characters in ${Math.round(said.durationMs)} ms, at their end '${said.stdout.slice(-200)}'; ${said.stderr}`
    return isJson(said.stdout) ? { listing: said.stdout } : null
  }
  const found = await until('nft to list what stands', list, { timeoutMs: 5_000, everyMs: 50 }).catch(
    (error: Error) => {
      throw new Error(`${error.message} (${what.join(' ')} on ${node}): it said ${heard}`)
    },
  )
  return found.listing
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const listTable = (runId: string, node: NodeName, table: string): Promise<string | null> =>
  listNft(runId, node, ['table', 'inet', table])

/** Everything that stands in the node's cut table: 0 where there is no such table. */
export async function countCutTable(runId: string, node: NodeName, table: string): Promise<number> {
  const listing = await listTable(runId, node, table)
  return listing === null ? 0 : countTable(listing)
}

export async function readStanding(runId: string, node: NodeName, table: string): Promise<Standing> {
  const listing = await listTable(runId, node, table)
  return listing === null ? { dropping: 0, counting: 0, lasting: 0 } : standingOf(listing)
}
