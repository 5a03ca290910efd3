import { waitUntilLearned } from '../lab/agents'
import { readMachine } from '../lab/counters'
import { untilQuiet } from '../lab/quiet'
import { ATTACKED, type Stand } from '../lab/stand'
import { playerAddresses } from '../lab/topology'
import { startPeer } from './fastnetmon'
import { median } from './figures'
import { fire } from './shot'
import { kernelThreadUs } from './usage'

/**
 * What a packet costs in the kernel, with and without each product. The generator sends as fast as its core lets it, and
 * that core carries the packet to the server's socket or to our drop as well (its softirq, or ksoftirqd): so time on
 * that core ÷ packets holds the whole way, and the difference between two floods is the product's part of it.
 */

export type Watched = 'nothing' | 'fastnetmon' | 'tidegate'
export type KernelCost = Record<Watched, number>

const PACKETS = 2_000_000
const SECONDS = 10
/** trafgen binds itself to this core; nothing else may count as its softirq. */
const SOFTIRQ_THREAD = 'ksoftirqd/0'
const ROUNDS = 2

export async function measureKernel(stand: Stand, rounds = ROUNDS): Promise<KernelCost> {
  const agent = stand.agents.find(({ node }) => node === ATTACKED)!
  const costs: Record<Watched, number[]> = { nothing: [], fastnetmon: [], tidegate: [] }
  for (let round = 1; round <= rounds; round += 1) {
    await agent.close()
    costs.nothing.push(await costOfPacket(stand))
    const peer = await startPeer(stand)
    costs.fastnetmon.push(await costOfPacket(stand))
    await peer.stop()
    agent.start()
    await waitUntilLearned([agent], { ...PLAYERS, [ATTACKED]: playerAddresses(ATTACKED).length }, () => {})
    costs.tidegate.push(await costOfPacket(stand))
    await untilQuiet(stand)
    stand.sayTo(`kernel, µs a packet: ${JSON.stringify(costs)}`)
  }
  return { nothing: median(costs.nothing), fastnetmon: median(costs.fastnetmon), tidegate: median(costs.tidegate) }
}

const PLAYERS = { 'match-01': 0, 'match-02': 0 }

async function costOfPacket(stand: Stand): Promise<number> {
  const [threadUs, machine] = [kernelThreadUs(SOFTIRQ_THREAD), readMachine()]
  const { packets, cpuSeconds } = await fire(stand, { pps: null, seconds: SECONDS, packets: PACKETS })
  const drops = readMachine().softnetDrops - machine.softnetDrops
  if (drops > packets / 100)
    stand.sayTo(`${drops} of ${packets} packets were lost before the server: the cost is too low`)
  return (cpuSeconds * 1e6 + kernelThreadUs(SOFTIRQ_THREAD) - threadUs) / packets
}
