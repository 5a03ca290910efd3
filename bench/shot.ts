import { nowUs, pass } from '../lab/clock'
import { planFlood } from '../lab/floods'
import { listNft, watchFirstPacket } from '../lab/observer'
import { untilQuiet, untilResolved, untilRulesGone } from '../lab/quiet'
import { ATTACKED, type Stand } from '../lab/stand'
import { startPeer } from './fastnetmon'
import { loggedPackets } from './tap'
import { cpuUs, type Memory, MemoryPeak } from './usage'

/** One flood at which both products look at once, in the same namespace of the same server. */
export type Shot = {
  packets: number
  pps: number
  tidegateMs: number | null
  ruleMs: number | null
  fastnetmonMs: number | null
  /** Time on cores of each product's processes from just before the first packet to the last, per packet. */
  processUs: { tidegate: number; fastnetmon: number }
  /** The same for the whole incident, evidence bundle and upload included, as time on cores. */
  incidentCpuMs: number
  tapPpsAfterVerdict: number
  memory: Memory
}

export const FLOOD_PPS = 300_000
export const FLOOD_SECONDS = 20
const BAN_MS_MAX = 20_000
/** The verdict is long out by then; the rest of the flood is what the tap costs from there on. */
const TAP_FROM_MS = 1_500
const TAP_TO_MS = FLOOD_SECONDS * 1_000 - 800

export async function fireAtBoth(stand: Stand, agentPid: number): Promise<Shot> {
  await untilQuiet(stand)
  const peer = await startPeer(stand)
  const memory = new MemoryPeak(agentPid)
  const sinceUs = nowUs()
  const watch = await watchFirstPacket(stand.lab.id, ATTACKED)
  try {
    const before = { tidegate: cpuUs(agentPid), fastnetmon: cpuUs(peer.pid) }
    const spent = fire(stand, { pps: FLOOD_PPS, seconds: FLOOD_SECONDS })
    spent.catch(() => watch.stop())
    const firstUs = await watch.firstUs
    const tapPpsAfterVerdict = await tapRate(stand, firstUs)
    const { packets, endedUs } = await spent
    const after = { tidegate: cpuUs(agentPid), fastnetmon: cpuUs(peer.pid) }
    const bannedUs = await peer.banned(firstUs, BAN_MS_MAX)
    await peer.stop()
    await untilRulesGone(stand)
    const { incidents } = await untilResolved(stand, sinceUs)
    const stages = incidents.find(({ nodeName }) => nodeName === ATTACKED)?.report.stages
    const since = (atUs: number | null | undefined): number | null => (atUs == null ? null : (atUs - firstUs) / 1_000)
    return {
      packets,
      pps: packets / ((endedUs - firstUs) / 1e6),
      tidegateMs: since(stages?.detectedUs),
      ruleMs: since(stages?.ruleInKernelUs),
      fastnetmonMs: since(bannedUs),
      processUs: {
        tidegate: (after.tidegate - before.tidegate) / packets,
        fastnetmon: (after.fastnetmon - before.fastnetmon) / packets,
      },
      incidentCpuMs: (cpuUs(agentPid) - before.tidegate) / 1_000,
      tapPpsAfterVerdict,
      memory: memory.stop(),
    }
  } finally {
    memory.stop()
    watch.stop()
    await peer.stop()
  }
}

/** `pps` null: as fast as the generator can. */
export async function fire(
  stand: Stand,
  { pps, seconds, packets }: { pps: number | null; seconds: number; packets?: number },
): Promise<{ packets: number; endedUs: number; cpuSeconds: number }> {
  const flood = planFlood('udp-flood', 'fixed', stand.target)
  const config = `${flood.packets.join('\n')}\n`
  stand.generator.send({ type: 'fire', config, pps: pps ?? (packets ?? 0) / seconds, seconds, paced: pps !== null })
  return stand.generator.next((seconds * 2 + 15) * 1_000, 'spent')
}

async function tapRate(stand: Stand, firstUs: number): Promise<number> {
  const look = async (): Promise<{ atUs: number; packets: number }> => {
    const listing = await listNft(stand.lab.id, ATTACKED)
    return { atUs: nowUs(), packets: listing === null ? 0 : loggedPackets(listing) }
  }
  await pass(TAP_FROM_MS - (nowUs() - firstUs) / 1_000)
  const from = await look()
  await pass(TAP_TO_MS - (nowUs() - firstUs) / 1_000)
  const to = await look()
  return (to.packets - from.packets) / ((to.atUs - from.atUs) / 1e6)
}
