import { CUT_TABLE } from './agents'
import { nowUs, pass } from './clock'
import { CounterSeries, type Counters, readMachine } from './counters'
import { type Drill, type DrillReport, drillSteps } from './drill'
import type { Flood } from './floods'
import { readStanding, readWireCounter, type Standing, watchFirstPacket } from './observer'
import { openOnPage } from './quiet'
import type { Assault, Plan } from './scenarios'
import type { Side, Stand } from './stand'
import type { NodeName } from './topology'

/** Floods as a plan orders them, seen from outside the agents. */

/** One flood at one node. `standing`: what the pause behind it left in the cut table; null behind the last. */
export type Burst = {
  flood: Flood
  firstUs: number
  endUs: number
  frames: number
  standing: Standing | null
}

export type Peace = { wirePps: number; wireBytesPerSecond: number; deliveredPps: number }

/** Everything that happened to one node. */
export type Fired = {
  side: Side
  bursts: Burst[]
  series: Counters[]
  peace: Peace
  statusPageUs: number | null
  generatorCores: number
}

export type Volley = { fired: Fired[]; softnetDrops: number; busyCores: number; drill: DrillReport | null }

const PEACE_MS = 2_000
/** How far into a pause the standing rules are read. */
const PAUSE_READ_SHARE = 0.75

type Shot = { burst: Burst; generatorCores: number }

export async function fire(stand: Stand, plan: Plan, drill: Drill | null): Promise<Volley> {
  const steps = drillSteps(stand, drill, plan.seconds)
  const nodes = [...new Set(plan.bursts.flat().map(({ node }) => node))]
  const counters = new Map(nodes.map((node) => [node, new CounterSeries(stand.sides[node].serverPid)]))
  const shots = new Map<NodeName, Shot[]>(nodes.map((node) => [node, []]))
  try {
    await pass(PEACE_MS)
    await steps.beforeFlood()
    const peace = new Map(nodes.map((node) => [node, ratesOf(counters.get(node)!.samples)]))
    const machine = readMachine()
    const startUs = nowUs()
    let statusPage: Promise<Map<string, number | null>> | null = null
    let drilled: DrillReport | null = null
    for (const [index, assaults] of plan.bursts.entries()) {
      await pass((startUs + index * plan.everySeconds * 1e6 - nowUs()) / 1000)
      const isFirst = index === 0
      const fired = await Promise.all(
        assaults.map((assault) =>
          shoot(stand, assault, plan.seconds, async () => {
            statusPage ??= watchStatusPage(stand, nodes, plan.seconds)
            statusPage.catch(() => {})
            if (isFirst && assault === assaults[0]) drilled = await steps.midFlood(counters.get(assault.node)!.samples)
          }),
        ),
      )
      fired.forEach((shot, at) => {
        shots.get(assaults[at]!.node)!.push(shot)
      })
      if (index < plan.bursts.length - 1) await readPause(stand, plan, nodes, shots)
    }
    const endUs = nowUs()
    const after = readMachine()
    await steps.afterFlood()
    const seen = await (statusPage ?? new Map<string, number | null>())
    await pass(200)
    return {
      fired: nodes.map((node) => ({
        side: stand.sides[node],
        bursts: shots.get(node)!.map(({ burst }) => burst),
        series: counters.get(node)!.stop(),
        peace: peace.get(node)!,
        statusPageUs: seen.get(node) ?? null,
        generatorCores: Math.max(...shots.get(node)!.map(({ generatorCores }) => generatorCores)),
      })),
      softnetDrops: after.softnetDrops - machine.softnetDrops,
      busyCores: (after.busySeconds - machine.busySeconds) / ((endUs - startUs) / 1e6),
      drill: drilled,
    }
  } finally {
    for (const series of counters.values()) series.stop()
  }
}

/** One flood at one node, from the first packet the node sees to the generator's end. */
async function shoot(
  stand: Stand,
  { node, flood }: Assault,
  seconds: number,
  onFirst: () => Promise<void>,
): Promise<Shot> {
  const { generator } = stand.sides[node]
  const watch = await watchFirstPacket(stand.lab.id, node)
  try {
    const before = (await readWireCounter(stand.lab.id, node)).packets
    const { pps, packets, shuffled } = flood
    generator.send({ type: 'fire', config: `${packets.join('\n')}\n`, pps, seconds, shuffled })
    const spent = generator.next((seconds * 2 + 15) * 1000, 'spent')
    spent.catch(() => watch.stop())
    const firstUs = await watch.firstUs
    await onFirst()
    const { endedUs, packets: sent, cpuSeconds, wallSeconds } = await spent
    const frames = (await readWireCounter(stand.lab.id, node)).packets - before
    if (frames < sent * 0.99) throw new Error(`only ${frames} of ${sent} frames reached the wire`)
    const burst = { flood, firstUs, endUs: endedUs, frames, standing: null }
    return { burst, generatorCores: cpuSeconds / wallSeconds }
  } finally {
    watch.stop()
  }
}

/** Reads the cut tables late in a pause, when whatever is going to stand down has done so. */
async function readPause(stand: Stand, plan: Plan, nodes: NodeName[], shots: Map<NodeName, Shot[]>): Promise<void> {
  const pauseSeconds = plan.everySeconds - plan.seconds
  const lastUs = Math.max(...nodes.map((node) => shots.get(node)!.at(-1)!.burst.endUs))
  await pass((lastUs - nowUs()) / 1000 + pauseSeconds * 1000 * PAUSE_READ_SHARE)
  for (const node of nodes) shots.get(node)!.at(-1)!.burst.standing = await readStanding(stand.lab.id, node, CUT_TABLE)
}

/** When the public page first told of each node. */
async function watchStatusPage(stand: Stand, nodes: NodeName[], seconds: number): Promise<Map<string, number | null>> {
  const poll = { url: stand.platform.statusPageUrl, hides: null, everyMs: 10, timeoutMs: (seconds + 30) * 1000 }
  for (const node of nodes) stand.witness.send({ type: 'watch', tag: node, shows: openOnPage(node), ...poll })
  const seen = new Map<string, number | null>()
  while (seen.size < nodes.length) {
    const { tag, atUs } = await stand.witness.next((seconds + 40) * 1000, 'watched')
    seen.set(tag, atUs)
  }
  return seen
}

function ratesOf(samples: readonly Counters[]): Peace {
  const [first, last] = [samples[0]!, samples.at(-1)!]
  const seconds = (last.atUs - first.atUs) / 1e6
  return {
    wirePps: (last.wirePackets - first.wirePackets) / seconds,
    wireBytesPerSecond: (last.wireBytes - first.wireBytes) / seconds,
    deliveredPps: (last.deliveredPackets - first.deliveredPackets) / seconds,
  }
}
