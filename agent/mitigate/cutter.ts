import type { TableNames } from '../config'
import { type Count, parseCounters } from '../sense/ruleset'
import type { Ledger } from './ledger'
import type { Nft } from './nft'
import {
  ALIVE_SECONDS,
  type Cut,
  renderAlive,
  renderCutTable,
  renderFreeze,
  renderLearn,
  renderMoreCuts,
  renderThaw,
  renderVerified,
  renderWithdraw,
} from './ruleset'

/** Hits of the standing cut: per cut (both IP families together) and of the exempt. */
export type CutHits = { cuts: Map<string, Count>; exempt: Count }

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
  /** Keeps the cut reachable for another ALIVE_SECONDS. */
  refresh(incidentId: string): Promise<void>
  hits(incidentId: string): Promise<CutHits>
  withdraw(incidentId: string, cause: string, servicePorts: readonly number[]): Promise<void>
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

const ZERO: Count = { packets: 0, bytes: 0 }
const sum = (a: Count, b: Count): Count => ({ packets: a.packets + b.packets, bytes: a.bytes + b.bytes })

export const NO_HITS: CutHits = { cuts: new Map(), exempt: ZERO }

/** Hits of a cut that was built anew, on top of those it had before. */
export function sumHits(a: CutHits, b: CutHits): CutHits {
  const cuts = new Map(a.cuts)
  for (const [id, count] of b.cuts) cuts.set(id, sum(cuts.get(id) ?? ZERO, count))
  return { cuts, exempt: sum(a.exempt, b.exempt) }
}

export function createCutter(nft: Nft, names: TableNames, ledger: Ledger, now: () => number): Cutter {
  const standing = new Map<string, Cut[]>()

  const note = (incidentId: string, cuts: readonly Cut[], cause: string) => {
    const chain = incidentChain(incidentId)
    const brief = cuts.map(({ id, vectorId, action }) => ({ id, vectorId, action }))
    return (step: 'intent' | 'applied' | 'failed' | 'removed'): void =>
      ledger.write({ atUs: now(), incidentId, step, chain, cuts: brief, expiresAfterMs: ALIVE_SECONDS * 1000, cause })
  }

  async function transact(commands: readonly string[], write: (step: 'intent' | 'applied' | 'failed') => void) {
    write('intent')
    try {
      nft.run(commands)
    } catch (error) {
      write('failed')
      throw error
    }
    write('applied')
  }

  return {
    async prepare(servicePorts) {
      nft.run(renderVerified(names, servicePorts))
    },
    async rehearse() {
      for (let round = 0; round < 3; round++) {
        nft.run(renderCutTable(names, 'inc_rehearsal', REHEARSED_CUTS))
        nft.run(renderAlive(names, 'inc_rehearsal'))
        readHits(nft.run([`list chain inet ${names.cut} inc_rehearsal_v4`]))
        nft.run(renderWithdraw(names))
      }
    },
    async apply(incidentId, cuts, cause) {
      const commands = [...renderCutTable(names, incidentChain(incidentId), cuts), ...renderFreeze(names)]
      await transact(commands, note(incidentId, cuts, cause))
      standing.set(incidentId, [...cuts])
    },
    async add(incidentId, cuts, cause) {
      await transact(renderMoreCuts(names, incidentChain(incidentId), cuts), note(incidentId, cuts, cause))
      standing.set(incidentId, [...(standing.get(incidentId) ?? []), ...cuts])
    },
    async standBy(incidentId, cuts, cause, servicePorts) {
      const counting = cuts.map((cut): Cut => ({ ...cut, action: 'count' }))
      const table = renderCutTable(names, incidentChain(incidentId), counting)
      await transact([...table, ...renderThaw(names, servicePorts)], note(incidentId, counting, cause))
    },
    async refresh(incidentId) {
      nft.run(renderAlive(names, incidentChain(incidentId)))
    },
    async hits(incidentId) {
      const chain = `inet ${names.cut} ${incidentChain(incidentId)}`
      const v4 = nft.run([`list chain ${chain}_v4`])
      const v6 = nft.run([`list chain ${chain}_v6`])
      return readHits(v4, v6)
    },
    async withdraw(incidentId, cause, servicePorts) {
      nft.run(renderWithdraw(names))
      note(incidentId, standing.get(incidentId) ?? [], cause)('removed')
      standing.delete(incidentId)
      nft.run(renderThaw(names, servicePorts))
    },
    serve: async (servicePorts) => void nft.run(renderLearn(names, servicePorts)),
    async clear() {
      const tables = [names.cut, names.verified]
      nft.run(tables.flatMap((table) => [`add table inet ${table}`, `delete table inet ${table}`]))
    },
  }
}

function readHits(...listings: readonly string[]): CutHits {
  const hits: CutHits = { cuts: new Map(), exempt: ZERO }
  for (const listing of listings) {
    for (const line of listing.split('\n')) {
      const [count] = parseCounters(line)
      if (!count) continue
      const id = /comment "([^"]+)"/.exec(line)?.[1]
      if (id) hits.cuts.set(id, sum(hits.cuts.get(id) ?? ZERO, count))
      else hits.exempt = sum(hits.exempt, count)
    }
  }
  return hits
}
