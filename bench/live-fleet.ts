import { openAppDb } from '../server/db/pool'
import { createEnrolmentToken } from '../server/services/nodes/create-enrolment-token'
import { type AgentSimulator, startAgent } from '../server/testing/agent-simulator'
import { lastSeconds, sampleAt } from '../tests/e2e/flood'
import { stack } from '../tests/e2e/story'
import type { Sample } from '../wire/sample'

type Say = (line: string) => void

const TOGETHER = 20

/** Enrols a node for each name, those that are known under their name, and connects it. */
export async function connectFleet(names: readonly string[], say: Say): Promise<AgentSimulator[]> {
  const agents: AgentSimulator[] = []
  const { databaseUrl, gatewayUrl, seeded } = stack()
  const db = openAppDb(databaseUrl)
  const ctx = { workspaceId: seeded.workspaceId, actor: { kind: 'job', name: 'bench' } as const, db }
  for (let at = 0; at < names.length; at += TOGETHER) {
    const some = names.slice(at, at + TOGETHER).map(async (nodeName) => {
      const { token } = await createEnrolmentToken({ ctx, input: { nodeName } })
      agents.push(await startAgent(gatewayUrl, token, nodeName))
    })
    await Promise.all(some)
  }
  await db.close()
  say(`${agents.length} nodes are connected`)
  return agents
}

type Turn = { seq: number; atMs: number; isWaiting: boolean }

/** Five minutes of past first, as after a day of running; then each node its second, spread over the second like real ones. */
export function reportEachSecond(agents: AgentSimulator[]): NodeJS.Timeout {
  const fromMs = lastSeconds(300)[0] as number
  const turns = agents.map(
    ({ welcome }): Turn => ({ seq: welcome.cursors.samples + 1, atMs: fromMs, isWaiting: false }),
  )
  let slot = 0
  return setInterval(() => {
    slot = (slot + 1) % SLOTS
    agents.forEach((agent, index) => {
      const turn = turns[index]
      if (turn && index % SLOTS === slot) void report(agent, turn, index % 50 === 0)
    })
  }, 1_000 / SLOTS)
}

const SLOTS = 20
const TOGETHER_MAX = 100

/** All seconds that are due, at most a hundred; what the gateway did not take is sent again from where it stands. */
async function report(agent: AgentSimulator, turn: Turn, isFlooded: boolean): Promise<void> {
  const dueMs = Math.min(Date.now(), turn.atMs + (TOGETHER_MAX - 1) * 1_000)
  if (turn.isWaiting || turn.atMs > dueMs) return
  turn.isWaiting = true
  const samples: Sample[] = []
  let atMs = turn.atMs
  for (; atMs <= dueMs; atMs += 1_000) samples.push(sampleAt(atMs, { isFlooded }))
  try {
    const ack = await agent.push('samples', turn.seq, { type: 'samples', samples })
    if (ack.ok) Object.assign(turn, { seq: turn.seq + 1, atMs })
    else if (ack.lastSeq !== undefined) turn.seq = ack.lastSeq + 1
  } catch {
    // The gateway is busy or went away: the same again.
  } finally {
    turn.isWaiting = false
  }
}
