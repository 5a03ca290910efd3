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

type Turn = { seq: number; atMs: number; notBeforeMs: number }

const SLOTS = 20
const TOGETHER_MAX = 100
/** A node that is this close to now has caught up. */
const CLOSE_MS = 3_000
const CATCH_UP_MS_MAX = 180_000

/**
 * Five minutes of past first, as after a day of running; then each node its second, spread over the second like real ones.
 * Resolves when all have caught up; what it resolves with goes on until it is cleared.
 */
export async function reportEachSecond(agents: AgentSimulator[]): Promise<NodeJS.Timeout> {
  const fromMs = lastSeconds(300)[0] as number
  const turns = agents.map(({ welcome }): Turn => ({ seq: welcome.cursors.samples + 1, atMs: fromMs, notBeforeMs: 0 }))
  let slot = 0
  const timer = setInterval(() => {
    slot = (slot + 1) % SLOTS
    agents.forEach((agent, index) => {
      const turn = turns[index]
      if (turn && index % SLOTS === slot) void report(agent, turn, index % 50 === 0)
    })
  }, 1_000 / SLOTS)
  const deadlineMs = Date.now() + CATCH_UP_MS_MAX
  while (turns.some(({ atMs }) => atMs < Date.now() - CLOSE_MS)) {
    if (Date.now() > deadlineMs)
      throw new Error('The nodes did not catch up in three minutes: the gateway is too slow.')
    await new Promise((done) => setTimeout(done, 250))
  }
  return timer
}

/** All seconds that are due, at most a hundred; what the gateway did not take is sent again when and from where it says. */
async function report(agent: AgentSimulator, turn: Turn, isFlooded: boolean): Promise<void> {
  const nowMs = Date.now()
  const dueMs = Math.min(nowMs, turn.atMs + (TOGETHER_MAX - 1) * 1_000)
  if (nowMs < turn.notBeforeMs || turn.atMs > dueMs) return
  turn.notBeforeMs = Number.POSITIVE_INFINITY
  const samples: Sample[] = []
  let { atMs } = turn
  for (; atMs <= dueMs; atMs += 1_000) samples.push(sampleAt(atMs, { isFlooded }))
  try {
    const ack = await agent.push('samples', turn.seq, { type: 'samples', samples })
    if (ack.ok) Object.assign(turn, { seq: turn.seq + 1, atMs, notBeforeMs: 0 })
    else
      Object.assign(turn, {
        seq: (ack.lastSeq ?? turn.seq - 1) + 1,
        notBeforeMs: nowMs + (ack.error.retryAfterMs ?? 0),
      })
  } catch {
    turn.notBeforeMs = nowMs + 1_000
  }
}
