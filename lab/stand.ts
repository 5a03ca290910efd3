import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Agent, enrolAgent, waitUntilLearned } from './agents'
import { LabChild } from './child'
import { nowUs, pass } from './clock'
import type { Summary } from './echo-log'
import type { Target } from './floods'
import type { GameServerEvent } from './game-server'
import type { Fire, GeneratorEvent } from './generator'
import { type Lab, openLab } from './lab'
import { runInside } from './network'
import { armWireCounters } from './observer'
import { AHEAD, type Folders, type Platform, startPlatform } from './platform'
import type { PlayersEvent, PlayersQuery } from './players'
import { uuidOf } from './records'
import { GAME_INTERFACE, NODE_NAMES, NODES, type NodeName, playerAddresses } from './topology'
import type { WitnessAsk, WitnessEvent } from './witness'

/** Everything that stands while floods are fired: network, players, platform, agents and those who watch. */

export type Say = (line: string) => void

export type Stand = {
  lab: Lab
  folders: Folders
  platform: Platform
  agents: Agent[]
  witness: LabChild<WitnessAsk, WitnessEvent>
  generator: LabChild<Fire, GeneratorEvent>
  target: Target
  /** Process of the attacked game server: its /proc shows that namespace's counters. */
  serverPid: number
  /** Numbered packets of the attacked node's players within a window, and what became of them. */
  playersOf: (fromUs: number, toUs: number) => Promise<Summary>
  control: Summary
  workspaceUuid: string
  sayTo: Say
}

export const ATTACKED: NodeName = 'match-01'

const READY_MS = 20_000

export function demoFolders(root: string): Folders {
  const base = join(root, '.data/demo')
  return { root, data: join(base, 'postgres'), evidence: join(base, 'evidence'), logs: join(base, 'logs') }
}

/** Builds the stand up to agents that have learned. Whoever calls it ends it with `closeStand`. */
export async function openStand(root: string, controlSeconds: number, say: Say): Promise<Stand> {
  const folders = demoFolders(root)
  const lab = await openLab({ holds: [folders.data] })
  try {
    rmSync(join(root, '.data/demo/evidence'), { recursive: true, force: true })
    rmSync(folders.logs, { recursive: true, force: true })
    mkdirSync(folders.logs, { recursive: true })
    say(`lab ${lab.id}: namespaces up`)
    const game = await startGame(lab, folders)
    const witness = LabChild.start<WitnessAsk, WitnessEvent>(lab.id, 'platform', 'witness', [], {
      ...logOf(folders, 'witness'),
      before: AHEAD,
    })
    await witness.next(READY_MS, 'ready')
    say('platform: starting database, gateway and web; players: control run')
    const control = controlRun(game.playersOf, controlSeconds)
    control.catch(() => {})
    const platform = await startPlatform(lab.id, folders)
    witness.send({ type: 'secret', secret: platform.seed.webhook.secret })
    const { lost, sent } = await control
    say(`control run: ${lost} of ${sent} packets lost in ${controlSeconds} s without flood and without rules`)
    const agents = await enrolAgents(lab, folders, platform)
    say('agents: enrolled, learning what is normal')
    await waitUntilLearned(agents, playersPerNode(), say)
    say('agents: ready')
    return {
      lab,
      folders,
      platform,
      agents,
      witness,
      control: await control,
      workspaceUuid: uuidOf(platform.seed.workspaceId),
      sayTo: say,
      ...game,
    }
  } catch (error) {
    lab.close()
    throw error
  }
}

export async function closeStand(stand: Stand): Promise<void> {
  try {
    await Promise.all(stand.agents.map((agent) => agent.close()))
    await stand.platform.close()
  } finally {
    stand.lab.close()
  }
}

const logOf = (folders: Folders, name: string) => ({ logFile: join(folders.logs, `${name}.log`) })

const playersPerNode = () =>
  Object.fromEntries(NODE_NAMES.map((node) => [node, playerAddresses(node).length])) as Record<NodeName, number>

type Game = Pick<Stand, 'generator' | 'target' | 'serverPid' | 'playersOf'>

async function startGame(lab: Lab, folders: Folders): Promise<Game> {
  const servers = NODE_NAMES.map((node) =>
    LabChild.start<object, GameServerEvent>(lab.id, node, 'game-server', [], logOf(folders, `game-${node}`)),
  )
  const [attacked] = await Promise.all(servers.map((server) => server.next(READY_MS, 'ready')))
  const players = NODE_NAMES.map((node) =>
    LabChild.start<PlayersQuery, PlayersEvent>(lab.id, 'players', 'players', [node], logOf(folders, `players-${node}`)),
  )
  const generator = LabChild.start<Fire, GeneratorEvent>(
    lab.id,
    'attacker',
    'generator',
    [],
    logOf(folders, 'generator'),
  )
  await Promise.all([...players.map((child) => child.next(READY_MS, 'ready')), generator.next(READY_MS, 'ready')])
  await armWireCounters(lab.id)
  const mac = async (role: NodeName | 'attacker', name: string) =>
    (await runInside(lab.id, role, 'cat', [`/sys/class/net/${name}/address`])).trim()
  const target = {
    address: NODES[ATTACKED].game4,
    mac: await mac(ATTACKED, GAME_INTERFACE),
    attackerMac: await mac('attacker', 'wan0'),
  }
  const playersOf = async (fromUs: number, toUs: number) => {
    players[0]!.send({ type: 'summary', fromUs, toUs })
    return (await players[0]!.next(READY_MS, 'summary')).summary
  }
  return { generator, target, serverPid: attacked!.pid, playersOf }
}

/** Long enough after a packet was sent to call its echo lost. */
export const ECHO_PATIENCE_MS = 1_000

async function controlRun(playersOf: Game['playersOf'], seconds: number): Promise<Summary> {
  const fromUs = nowUs()
  await pass(seconds * 1000)
  const toUs = nowUs()
  await pass(ECHO_PATIENCE_MS)
  return playersOf(fromUs, toUs)
}

async function enrolAgents(lab: Lab, folders: Folders, platform: Platform): Promise<Agent[]> {
  return Promise.all(
    NODE_NAMES.map((node) => {
      const token = platform.seed.enrolmentTokens.find(({ nodeName }) => nodeName === node)?.token
      if (token === undefined) throw new Error(`the seed made no enrolment token for ${node}`)
      return enrolAgent(lab.id, folders, node, token)
    }),
  )
}
