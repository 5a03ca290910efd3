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

/** What belongs to one match server. */
export type Side = {
  node: NodeName
  generator: LabChild<Fire, GeneratorEvent>
  target: Target
  /** Process of the game server: its /proc shows that namespace's counters. */
  serverPid: number
  /** Numbered packets of the node's players within a window, and what became of them. */
  playersOf: (fromUs: number, toUs: number) => Promise<Summary>
}

/** The side of the node that is attacked stands at the top; those of all nodes below `sides`. */
export type Stand = Side & {
  sides: Record<NodeName, Side>
  lab: Lab
  folders: Folders
  platform: Platform
  agents: Agent[]
  witness: LabChild<WitnessAsk, WitnessEvent>
  control: Summary
  workspaceUuid: string
  sayTo: Say
}

export const ATTACKED: NodeName = 'match-01'

const READY_MS = 20_000

export function demoFolders(root: string, name = 'demo'): Folders {
  const base = join(root, '.data', name)
  return { root, data: join(base, 'postgres'), evidence: join(base, 'evidence'), logs: join(base, 'logs') }
}

/**
 * Builds the stand up to agents that have learned. Whoever calls it ends it with `closeStand`.
 * @param name of its folder under `.data`: stands of different names may run beside each other.
 */
export async function openStand(root: string, controlSeconds: number, say: Say, name?: string): Promise<Stand> {
  const folders = demoFolders(root, name)
  const lab = await openLab({ holds: [folders.data] })
  try {
    rmSync(folders.evidence, { recursive: true, force: true })
    rmSync(folders.logs, { recursive: true, force: true })
    mkdirSync(folders.logs, { recursive: true })
    say(`lab ${lab.id}: namespaces up`)
    const sides = await startGame(lab, folders)
    const witness = LabChild.start<WitnessAsk, WitnessEvent>(
      lab.id,
      'platform',
      'witness',
      [],
      aheadOf(folders, 'witness'),
    )
    await witness.next(READY_MS, 'ready')
    say('platform: starting database, gateway and web; players: control run')
    const control = controlRun(sides[ATTACKED].playersOf, controlSeconds)
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
      sides,
      ...sides[ATTACKED],
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
const aheadOf = (folders: Folders, name: string) => ({ ...logOf(folders, name), before: AHEAD })

export const playersPerNode = () =>
  Object.fromEntries(NODE_NAMES.map((node) => [node, playerAddresses(node).length])) as Record<NodeName, number>

async function startGame(lab: Lab, folders: Folders): Promise<Record<NodeName, Side>> {
  const servers = await Promise.all(
    NODE_NAMES.map(async (node) => {
      const server = LabChild.start<object, GameServerEvent>(
        lab.id,
        node,
        'game-server',
        [],
        logOf(folders, `game-${node}`),
      )
      return (await server.next(READY_MS, 'ready')).pid
    }),
  )
  await armWireCounters(lab.id)
  const sides = await Promise.all(NODE_NAMES.map((node, index) => startSide(lab, folders, node, servers[index]!)))
  return Object.fromEntries(sides.map((side) => [side.node, side])) as Record<NodeName, Side>
}

async function startSide(lab: Lab, folders: Folders, node: NodeName, serverPid: number): Promise<Side> {
  const players = startPlayers(lab, folders, node, [])
  const generator = LabChild.start<Fire, GeneratorEvent>(
    lab.id,
    'attacker',
    'generator',
    [],
    aheadOf(folders, `generator-${node}`),
  )
  await Promise.all([players.next(READY_MS, 'ready'), generator.next(READY_MS, 'ready')])
  const mac = async (role: NodeName | 'attacker', name: string) =>
    (await runInside(lab.id, role, 'cat', [`/sys/class/net/${name}/address`])).trim()
  const target = {
    address: NODES[node].game4,
    address6: NODES[node].game6,
    mac: await mac(node, GAME_INTERFACE),
    attackerMac: await mac('attacker', 'wan0'),
  }
  return { node, generator, target, serverPid, playersOf: summariesOf(players) }
}

export type PlayersChild = LabChild<PlayersQuery, PlayersEvent>

/** A process of players at one node; `more` says which, as players.ts reads it. */
export const startPlayers = (lab: Lab, folders: Folders, node: NodeName, more: string[]): PlayersChild =>
  LabChild.start(lab.id, 'players', 'players', [node, ...more], aheadOf(folders, ['players', node, ...more].join('-')))

export const summariesOf = (players: PlayersChild) => async (fromUs: number, toUs: number) => {
  players.send({ type: 'summary', fromUs, toUs })
  return (await players.next(READY_MS, 'summary')).summary
}

/** Long enough after a packet was sent to call its echo lost. */
export const ECHO_PATIENCE_MS = 1_000

async function controlRun(playersOf: Side['playersOf'], seconds: number): Promise<Summary> {
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
