import { setTimeout as wait } from 'node:timers/promises'
import { formatId } from '../server/core/ids'
import { type AppDb, openAppDb } from '../server/db/pool'
import { createBoardLink } from '../server/services/boards/links'
import type { Ctx } from '../server/services/context'
import { createGroup } from '../server/services/groups/create'
import { setGroupNodes } from '../server/services/groups/set-nodes'
import { savePolicy } from '../server/services/policies/save'
import { BUILT_IN, type PolicySettings } from '../server/services/policies/settings'
import { setSchedule } from '../server/services/schedule/set'
import type { AgentSimulator } from '../server/testing/agent-simulator'
import { createBundle, upload } from './e2e/bundle'
import { createFlood, lastSeconds, reportFrom, sampleAt } from './e2e/flood'
import { enrolAgent, stack } from './e2e/story'

/** A workspace in the middle of an evening, for pictures: an attack that goes on, some that are over, an audience that came. */
export type Scene = {
  ids: Record<string, string>
  /** Pages without a session that only the scene can name. */
  publicPaths: string[]
  stop: () => Promise<void>
}

const NODES = ['match-01', 'match-02', 'match-03', 'match-04', 'match-05', 'match-06', 'ingest-01', 'edge-01']
const ATTACKED = 'match-03'
const CROWDED = 'match-05'
const PAST_SECONDS = 900

export async function setScene(): Promise<Scene> {
  const { databaseUrl, gatewayUrl, seeded } = stack()
  const db = openAppDb(databaseUrl)
  const ctx: Ctx = { workspaceId: seeded.workspaceId, actor: { kind: 'job', name: 'scene' }, db }
  const agents = await Promise.all(NODES.map((name) => enrolAgent(name)))
  const nodeIds = Object.fromEntries(
    agents.map(({ enrolment }, at) => [NODES[at] as string, enrolment.nodeId.replace('nd_', '')]),
  )
  const groups = await makeGroups(ctx, nodeIds)
  await makePolicies(ctx, groups.event, agents)
  const past = createFlood({ startMs: Date.now() - 600_000 })
  const open = createFlood({ startMs: Date.now() - 40_000 })
  const timers: NodeJS.Timeout[] = []
  for (const [at, agent] of agents.entries()) {
    const name = NODES[at]
    const node = reportFrom(agent)
    const isFloodedAt = (ms: number): boolean =>
      name === ATTACKED && (ms > Date.now() - 40_000 || (ms > Date.now() - 600_000 && ms < Date.now() - 568_000))
    await node.samples(lastSeconds(PAST_SECONDS).map((atMs) => sampleAt(atMs, { isFlooded: isFloodedAt(atMs) })))
    if (name === ATTACKED) {
      await node.flood(past, 'opened', 'rule_installed', 'mitigated', 'ending', 'resolved')
      const bundle = createBundle(agent, past.id, Date.now())
      await node.evidence(bundle.body)
      await upload(gatewayUrl, agent, bundle)
      await node.flood(open, 'opened', 'rule_installed', 'mitigated')
    }
    // Long enough that it has settled, and busier where the flood is.
    const cpuPercent = name === ATTACKED ? 6.4 : 0.3
    const resting = {
      startedMs: Date.now() - 3 * 86_400_000,
      residentBytes: 58_000_000,
      spooled: 0,
      disk: 'ok' as const,
    }
    agent.socket.emit('health', { ...resting, cpuPercent })
    if (name === CROWDED) await node.surge({ atMs: Date.now() - 60_000, endMs: null })
    let last = Math.floor(Date.now() / 1_000) * 1_000
    const tick = async () => {
      for (; last + 1_000 <= Date.now(); ) {
        last += 1_000
        await node.samples([sampleAt(last, { isFlooded: name === ATTACKED })])
      }
    }
    timers.push(setInterval(() => void tick().catch(() => {}), 1_000))
  }
  await wait(2_000)
  return {
    ids: {
      workspace: seeded.workspaceSlug,
      nodes: `nd_${nodeIds[ATTACKED]}`,
      incidents: formatId('inc', past.id),
      matches: formatId('grp', groups.match),
      events: formatId('grp', groups.event),
    },
    publicPaths: [`/board/${groups.boardToken}`, `/board/${groups.boardToken}/overlay`],
    stop: () => end(db, agents, timers),
  }
}

async function end(db: AppDb, agents: { close: () => void }[], timers: NodeJS.Timeout[]): Promise<void> {
  for (const timer of timers) clearInterval(timer)
  for (const agent of agents) agent.close()
  await db.close()
}

const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

/** The event has a policy of its own, which its nodes hold, and all but one hold the workspace's. */
async function makePolicies(ctx: Ctx, groupId: string, agents: AgentSimulator[]): Promise<void> {
  for (const { socket, welcome } of agents.slice(0, -1)) {
    const hold = ({ id = '', stoppedUntilMs = null }: { id?: string; stoppedUntilMs?: number | null }) =>
      socket.emit('held', { id, stoppedUntilMs })
    socket.on('policy', hold)
    hold(welcome.policy)
  }
  const settings = { ...BUILT_IN, friends: [{ name: 'Casters', networks: ['198.51.100.0/24', '2001:db8:50::/48'] }] }
  const save = (versionSeen: number, part: Partial<PolicySettings>, scope = {}) =>
    savePolicy({ ctx, input: { scope, settings: { ...settings, ...part }, versionSeen } })
  await save(0, {})
  await save(1, { newSourcePps: 300 })
  await save(0, { newSourcePps: 400, vectors: { syn_flood: 'limit' } }, { groupId })
}

async function makeGroups(
  ctx: Ctx,
  nodeIds: Record<string, string>,
): Promise<{ event: string; match: string; boardToken: string }> {
  const group = async (
    kind: 'event' | 'stage' | 'match' | 'role',
    name: string,
    parentId: string | null,
    names: string[],
  ) => {
    const { id } = await createGroup({ ctx, input: { kind, name, parentId } })
    const ids = names.map((one) => uuidOf(nodeIds[one] as string))
    if (ids.length > 0) await setGroupNodes({ ctx, input: { id, nodeIds: ids } })
    return id
  }
  const event = await group('event', 'Winter Cup', null, [])
  const stage = await group('stage', 'Quarter-finals', event, [])
  const first = await group('match', 'North against Harbour', stage, ['match-01', 'match-02'])
  const match = await group('match', 'Lighthouse against Delta', stage, ['match-03', 'match-04'])
  const last = await group('match', 'Breakwater against Fjord', stage, ['match-05', 'match-06', 'match-04'])
  await group('role', 'ingest', null, ['ingest-01'])
  await group('role', 'edge', null, ['edge-01'])
  const hours = (from: number, until: number) => ({
    startsMs: Date.now() + from * 3_600_000,
    endsMs: Date.now() + until * 3_600_000,
  })
  const days = { windows: [hours(-3, 6), hours(21, 30)], timeZone: 'Europe/Berlin', audienceTimes: 4 }
  await setSchedule({ ctx, input: { id: event, ...days } })
  await setSchedule({ ctx, input: { id: first, windows: [hours(-3, -1)] } })
  await setSchedule({ ctx, input: { id: match, windows: [hours(-1, 2)] } })
  await setSchedule({ ctx, input: { id: last, windows: [hours(1.5, 4)], audienceTimes: 6 } })
  const link = { groupId: event, name: 'Studio wall', expiresMs: Date.now() + 48 * 3_600_000 }
  const { token } = await createBoardLink({ ctx, input: link })
  return { event, match, boardToken: token }
}
