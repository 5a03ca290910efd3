import type { TableNames } from '../config'
import { addCounts, type Count, type CountClass, NONE, parseCounters } from '../sense/ruleset'
import type { Ledger } from './ledger'
import { type Nft, NftError } from './nft'
import {
  ALIVE_SECONDS,
  type Cut,
  hasLimit,
  renderAlive,
  renderCutTable,
  renderFreeze,
  renderLearn,
  renderMoreCuts,
  renderThaw,
  renderVerified,
  renderWithdraw,
} from './ruleset'

/** Hits of an incident's rules, however often they were built anew: per cut (both IP families together) and of the exempt. */
export type CutHits = { cuts: ReadonlyMap<string, Count>; exempt: Count }

/** Everything dropped since the agent started; `syn` packets are counted under `tcp` as well. */
export type Dropped = Record<Extract<CountClass, 'udp' | 'syn' | 'tcp'>, Count>

export type Counted = { hits: CutHits; dropped: Dropped }

/** Holds the node's cut and verified tables in the state the judge wants. */
export type Cutter = {
  /** Builds the verified table; clients that an earlier run verified stay verified. */
  prepare(servicePorts: readonly number[]): Promise<void>
  /**
   * Builds and removes a cut of every form once: proves at start that this kernel takes our rules, and pays for cold
   * code here and in nft before the flood. A cut that an earlier run left goes. @throws NftError when the kernel refuses.
   */
  rehearse(): Promise<void>
  /** Cuts in the kernel, learning frozen, in one transaction. @throws NftError; then nothing of it stands. */
  apply(incidentId: string, cuts: readonly Cut[], cause: string): Promise<void>
  add(incidentId: string, cuts: readonly Cut[], cause: string): Promise<void>
  /** Counts instead of cutting, and learns again, in one transaction. `apply` arms it anew. */
  standBy(incidentId: string, cuts: readonly Cut[], cause: string, servicePorts: readonly number[]): Promise<void>
  /** Keeps the cut reachable for another ALIVE_SECONDS; builds it anew where somebody removed it. */
  refresh(incidentId: string): Promise<void>
  /** Reads what the kernel counted. Rules on standby let through what they count: it is no hit. */
  count(): Counted
  withdraw(incidentId: string, cause: string, servicePorts: readonly number[]): Promise<void>
  /** Networks that no limit holds back from now on. @throws NftError when the kernel refuses them; then nobody is a friend. */
  befriend(friends: readonly string[]): Promise<void>
  /** Learns from now on with these service ports. */
  serve(servicePorts: readonly number[]): Promise<void>
  /** Removes everything of ours. */
  clear(): Promise<void>
}

/** Chain name of an incident; UUIDv7 begins with the time, so the random tail tells incidents apart. */
export const incidentChain = (incidentId: string): string => `inc_${incidentId.replaceAll('-', '').slice(-12)}`

const REHEARSED_CUTS: readonly Cut[] = [
  {
    id: 'c1',
    vectorId: 'dns_amp',
    action: 'drop',
    match: { protocol: 'udp', sourcePorts: [53], payload: [{ offsetBits: 80, bits: 1, bytes: [1] }] },
  },
  { id: 'c2', vectorId: 'dns_amp', action: 'drop', match: { protocol: 'udp', laterFragment: true } },
  {
    id: 'c3',
    vectorId: 'syn_flood',
    action: 'drop',
    match: { protocol: 'tcp', syn: true, dataOffset: 5, window: 1024, length: { low: 40, high: 44 } },
  },
  {
    id: 'c4',
    vectorId: 'udp_flood_random',
    action: 'limit',
    limitPps: 100,
    match: { protocol: 'udp', destinationPorts: [1], udpLength: { low: 8, high: 9 }, ttl: { low: 1, high: 2 } },
  },
]

const NO_HITS: CutHits = { cuts: new Map(), exempt: NONE }

/** Hits of a cut that was built anew, on top of those it had before. */
function sumHits(a: CutHits, b: CutHits): CutHits {
  const cuts = new Map(a.cuts)
  for (const [id, count] of b.cuts) cuts.set(id, addCounts(cuts.get(id) ?? NONE, count))
  return { cuts, exempt: addCounts(a.exempt, b.exempt) }
}

/** Rules in the kernel, what their predecessors hit, and what they themselves hit when last read. */
type Standing = { incidentId: string; cuts: readonly Cut[]; standby: boolean; before: CutHits; since: CutHits }

export type CutterParts = {
  nft: Nft
  names: TableNames
  ledger: Ledger
  nowUs: () => number
  /** NFLOG group of the tap. */
  group: number
  /** Networks that no limit holds back, as the last policy had them. */
  friends?: readonly string[]
}

export function createCutter({ nft, names, ledger, nowUs, group, friends: first = [] }: CutterParts): Cutter {
  let friends = first
  let standing: Standing | null = null
  let before: Dropped = { udp: NONE, syn: NONE, tcp: NONE }
  let servedPorts: readonly number[] = []

  const note = (incidentId: string, cuts: readonly Cut[], cause: string) => {
    const chain = incidentChain(incidentId)
    const brief = cuts.map(({ id, vectorId, action }) => ({ id, vectorId, action }))
    return (step: 'intent' | 'applied' | 'failed' | 'removed'): void =>
      ledger.write({ atUs: nowUs(), incidentId, step, chain, cuts: brief, expiresAfterMs: ALIVE_SECONDS * 1000, cause })
  }

  async function transact(commands: readonly string[], write: ReturnType<typeof note>) {
    write('intent')
    try {
      runOnOwnTables(commands)
    } catch (error) {
      write('failed')
      throw error
    }
    write('applied')
  }

  /** A reload of the host's firewall may have flushed every table that has no owner: they are made anew. */
  function runOnOwnTables(commands: readonly string[]): void {
    try {
      nft.run(commands)
    } catch (error) {
      if (!(error instanceof NftError)) throw error
      nft.run([...renderVerified(names, servedPorts), ...commands])
    }
  }

  function hitsNow({ incidentId, standby }: Standing): CutHits {
    const chain = `inet ${names.cut} ${incidentChain(incidentId)}`
    const { cuts, exempt } = readHits(nft.run([`list chain ${chain}_v4`]), nft.run([`list chain ${chain}_v6`]))
    return standby ? { cuts: NO_HITS.cuts, exempt } : { cuts, exempt }
  }

  function counted(): Counted {
    if (!standing) return { hits: NO_HITS, dropped: before }
    const { cuts, before: earlier, since } = standing
    return { hits: sumHits(earlier, since), dropped: withHits(before, cuts, since) }
  }

  function count(): Counted {
    if (standing) standing.since = hitsNow(standing)
    return counted()
  }

  /** The last count of rules that are about to go; of rules that are gone already, what was known of them. */
  function countLast(): Counted {
    try {
      return count()
    } catch (error) {
      if (!(error instanceof NftError)) throw error
      return counted()
    }
  }

  /** Builds the rules of an incident in place of whatever stood there, in one transaction with what comes along. */
  async function build(incidentId: string, cuts: readonly Cut[], standby: boolean, cause: string, along: string[]) {
    const { hits, dropped } = countLast()
    const inKernel = standby ? cuts.map((cut): Cut => ({ ...cut, action: 'count' })) : cuts
    const chain = incidentChain(incidentId)
    const attempt = () =>
      transact([...renderCutTable(names, group, chain, inKernel, friends), ...along], note(incidentId, inKernel, cause))
    await attempt().catch((error: unknown) => {
      // Whatever is wrong with a friend must keep no rule out of the kernel.
      if (friends.length === 0) throw error
      friends = []
      return attempt()
    })
    const isSame = standing?.incidentId === incidentId
    standing = { incidentId, cuts, standby, before: isSame ? hits : NO_HITS, since: NO_HITS }
    before = dropped
  }

  /** What the kernel refuses must show now, not with the first rule of an attack. */
  function proveFriends(): void {
    nft.run(renderCutTable(names, group, 'inc_rehearsal', REHEARSED_CUTS, friends))
    nft.run(renderWithdraw(names))
  }

  return {
    async prepare(servicePorts) {
      servedPorts = servicePorts
      nft.run(renderVerified(names, servicePorts))
    },
    async rehearse() {
      try {
        if (friends.length > 0) proveFriends()
      } catch (error) {
        if (!(error instanceof NftError)) throw error
        friends = []
      }
      for (let round = 0; round < 3; round++) {
        nft.run(renderCutTable(names, group, 'inc_rehearsal', REHEARSED_CUTS, friends))
        nft.run(renderAlive(names, 'inc_rehearsal'))
        readHits(nft.run([`list chain inet ${names.cut} inc_rehearsal_v4`]))
        nft.run(renderWithdraw(names))
      }
    },
    async apply(incidentId, cuts, cause) {
      await build(incidentId, cuts, false, cause, renderFreeze(names))
    },
    async add(incidentId, cuts, cause) {
      const stood = standing?.cuts ?? []
      const commands = renderMoreCuts(names, group, incidentChain(incidentId), cuts, stood, friends)
      await transact(commands, note(incidentId, cuts, cause))
      if (standing) standing = { ...standing, cuts: [...standing.cuts, ...cuts] }
    },
    async standBy(incidentId, cuts, cause, servicePorts) {
      servedPorts = servicePorts
      await build(incidentId, cuts, true, cause, renderThaw(names, servicePorts))
    },
    async refresh(incidentId) {
      try {
        nft.run(renderAlive(names, incidentChain(incidentId)))
      } catch (error) {
        if (!(error instanceof NftError) || standing?.incidentId !== incidentId) throw error
        const { cuts, standby } = standing
        const cause = `somebody removed the rules: ${error.message}`
        await build(incidentId, cuts, standby, cause, standby ? [] : renderFreeze(names))
      }
    },
    count,
    async withdraw(incidentId, cause, servicePorts) {
      const { dropped } = countLast()
      nft.run(renderWithdraw(names))
      note(incidentId, standing?.cuts ?? [], cause)('removed')
      standing = null
      before = dropped
      servedPorts = servicePorts
      runOnOwnTables(renderThaw(names, servicePorts))
    },
    async befriend(wanted) {
      if (wanted.join() === friends.join()) return
      friends = wanted
      try {
        if (!standing) proveFriends()
        else if (hasLimit(standing.cuts) && !standing.standby)
          await build(standing.incidentId, standing.cuts, false, 'other friends', renderFreeze(names))
      } catch (error) {
        friends = []
        throw error
      }
    },
    async serve(servicePorts) {
      servedPorts = servicePorts
      runOnOwnTables(renderLearn(names, servicePorts))
    },
    async clear() {
      const tables = [names.cut, names.verified]
      nft.run(tables.flatMap((table) => [`add table inet ${table}`, `delete table inet ${table}`]))
    },
  }
}

/** Each packet is dropped by one rule at most. */
function withHits(dropped: Dropped, cuts: readonly Cut[], { cuts: hits }: CutHits): Dropped {
  const sum = { ...dropped }
  for (const { id, action, match } of cuts) {
    const hit = hits.get(id)
    if (!hit || action === 'count') continue
    sum[match.protocol] = addCounts(sum[match.protocol], hit)
    if (match.syn) sum.syn = addCounts(sum.syn, hit)
  }
  return sum
}

function readHits(...listings: readonly string[]): CutHits {
  const cuts = new Map<string, Count>()
  let exempt = NONE
  for (const listing of listings) {
    for (const line of listing.split('\n')) {
      const [count] = parseCounters(line)
      if (!count) continue
      const id = /comment "([^"]+)"/.exec(line)?.[1]
      if (id) cuts.set(id, addCounts(cuts.get(id) ?? NONE, count))
      else exempt = addCounts(exempt, count)
    }
  }
  return { cuts, exempt }
}
