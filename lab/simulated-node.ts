import { type AgentSimulator, startAgent } from '../server/testing/agent-simulator'
import { createFlood, lastSeconds, reportFrom, sampleAt } from '../tests/e2e/flood'
import { pass } from './clock'

const FLOOD_EVERY_MS = 120_000
const FIRST_FLOOD_MS = 20_000
/** When each step of a flood is told, from its first packet on. */
const STEPS = [
  ['opened', 0],
  ['rule_installed', 10],
  ['mitigated', 1_300],
  ['ending', 32_200],
  ['resolved', 42_300],
] as const

const HISTORY_SECONDS = 300

/** A node that only pretends: a sample each second, a flood now and then. It outlives restarts of its gateway. */
export async function simulateNode(
  gatewayUrl: string,
  token: string,
  name: string,
  isAttacked: boolean,
): Promise<void> {
  const agent = await startAgent(gatewayUrl, token, name)
  let node = reportFrom(agent)
  let floodMs = Date.now() + FIRST_FLOOD_MS
  let flood = createFlood({ startMs: floodMs })
  let told = 0

  async function tellSteps(nowMs: number): Promise<void> {
    while (told < STEPS.length && nowMs >= floodMs + STEPS[told]![1]) {
      await node.flood(flood, STEPS[told]![0])
      told += 1
    }
    if (told < STEPS.length) return
    floodMs += FLOOD_EVERY_MS
    flood = createFlood({ startMs: floodMs })
    told = 0
  }

  const isFlooded = (atMs: number): boolean => isAttacked && atMs >= floodMs && atMs < floodMs + 32_000

  async function live(): Promise<never> {
    let lastMs = Date.now() - HISTORY_SECONDS * 1_000
    for (;;) {
      const nowMs = Date.now()
      try {
        if (!agent.socket.connected) throw new Error('the gateway went away')
        const due = lastSeconds(HISTORY_SECONDS, nowMs).filter((atMs) => atMs > lastMs)
        await node.samples(due.map((atMs) => sampleAt(atMs, { isFlooded: isFlooded(atMs) })))
        lastMs = due.at(-1) ?? lastMs
        if (isAttacked) await tellSteps(nowMs)
      } catch {
        node = await comeBack(agent)
      }
      await pass(1_000 - (Date.now() % 1_000))
    }
  }
  void live()
}

/** The gateway restarts with every change of its code. */
async function comeBack(agent: AgentSimulator): Promise<ReturnType<typeof reportFrom>> {
  for (;;) {
    try {
      await agent.reconnect()
      return reportFrom(agent)
    } catch {
      await pass(500)
    }
  }
}
