import { openAppDb } from '../server/db/pool'
import { createEnrolmentToken } from '../server/services/nodes/create-enrolment-token'
import { type AgentSimulator, startAgent } from '../server/testing/agent-simulator'
import { lastSeconds, sampleAt } from '../tests/e2e/flood'
import { stack } from '../tests/e2e/story'

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

/** Five minutes of past first, as after a day of running; then each node its second, spread over the second like real ones. */
export function reportEachSecond(agents: AgentSimulator[]): NodeJS.Timeout {
  const past = lastSeconds(300)
  for (const agent of agents) {
    for (let seq = 0; seq < 3; seq += 1) {
      const samples = past.slice(seq * 100, seq * 100 + 100).map((atMs) => sampleAt(atMs, { isFlooded: false }))
      void agent.push('samples', agent.welcome.cursors.samples + seq + 1, { type: 'samples', samples }).catch(() => {})
    }
  }
  const firstMs = (past.at(-1) as number) + 1_000
  const next = new Map(agents.map((agent) => [agent, { seq: agent.welcome.cursors.samples + 4, atMs: firstMs }]))
  let slot = 0
  return setInterval(() => {
    slot = (slot + 1) % 20
    agents.forEach((agent, index) => {
      const turn = next.get(agent)
      if (index % 20 !== slot || !turn) return
      while (turn.atMs <= Date.now()) {
        const samples = [sampleAt(turn.atMs, { isFlooded: index % 50 === 0 })]
        void agent.push('samples', turn.seq, { type: 'samples', samples }).catch(() => {})
        turn.seq += 1
        turn.atMs += 1_000
      }
    })
  }, 50)
}
