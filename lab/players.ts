import dgram from 'node:dgram'
import net from 'node:net'
import { nowUs } from './clock'
import { EchoLog, type Summary, summarise } from './echo-log'
import { readSnapshot, writeInput } from './game-protocol'
import {
  crowdAddresses,
  GAME_PORT,
  NODES,
  type NodeName,
  type PlayerAddress,
  playerAddresses,
  TCP_PORT,
} from './topology'

/**
 * Child process inside the players' namespace: all players of one node, each with an address and a pace of its own; or
 * a crowd (second argument) that joins the node over a span of time when told, and leaves again.
 */

export type PlayersQuery =
  | { type: 'summary'; fromUs: number; toUs: number }
  | { type: 'join'; overMs: number }
  | { type: 'leave' }
export type PlayersEvent = { type: 'ready'; players: number } | { type: 'summary'; summary: Summary; udpSent: number }

type Player = {
  log: EchoLog
  udp: boolean
  nextUs: number
  everyUs: number
  send: (sequence: number) => void
  leave: () => void
}

const UDP_PPS = { 'match-01': 60, 'match-02': 25 } as const
const TCP_LINES_PER_SECOND = 10
const TICK_MS = 4
/** Hop counts of a crowd's members when they send: systems and distances differ. */
const CROWD_TTLS = [64, 128, 255, 60, 118, 52, 243, 101, 57, 89]
/** Every third TCP player leaves and comes back, so that handshakes are part of peace. */
const REJOIN_LINES = 120

function udpPlayer(node: NodeName, player: PlayerAddress, session: number): Player {
  const log = new EchoLog()
  const server = player.family === 4 ? NODES[node].game4 : NODES[node].game6
  const socket = dgram.createSocket({ type: player.family === 4 ? 'udp4' : 'udp6', recvBufferSize: 1 << 20 })
  socket.on('error', () => {})
  socket.bind(40_000 + session, player.address, () => {
    if (isCrowd) socket.setTTL(CROWD_TTLS[session % CROWD_TTLS.length]! - (session % 7))
  })
  socket.on('message', (datagram) => {
    const head = readSnapshot(datagram)
    if (head?.session === session) log.echo(head.sequence, nowUs())
  })
  const everyUs = Math.round(1e6 / (UDP_PPS[node] * (0.8 + (session % 5) * 0.1)))
  return {
    log,
    udp: true,
    nextUs: 0,
    everyUs,
    send: (sequence) => socket.send(writeInput({ session, sequence }), GAME_PORT, server),
    leave: () => socket.close(),
  }
}

function tcpPlayer(node: NodeName, player: PlayerAddress, session: number): Player {
  const log = new EchoLog()
  const host = player.family === 4 ? NODES[node].game4 : NODES[node].game6
  let socket: net.Socket | null = null
  let rest = ''
  let queue: string[] = []
  let gone = false
  const join = () => {
    const joining = net.connect({ host, port: TCP_PORT, localAddress: player.address, noDelay: true })
    joining.on('connect', () => {
      socket = joining
      for (const line of queue) joining.write(line)
      queue = []
    })
    joining.on('error', () => joining.destroy())
    joining.on('close', () => {
      if (socket === joining) socket = null
      if (joining.errored && !gone) setTimeout(join, 50)
    })
    joining.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) log.echo(Number(line.split(' ')[0]), nowUs())
    })
  }
  let isIn = false
  const send = (sequence: number) => {
    if (!isIn) join()
    isIn = true
    const line = `${sequence} ${'chat'.repeat(4 + (sequence % 7))}\n`
    if (socket) socket.write(line)
    else queue.push(line)
    if (session % 3 === 0 && sequence % REJOIN_LINES === REJOIN_LINES - 1) {
      socket?.end()
      socket = null
      join()
    }
  }
  const leave = () => {
    gone = true
    socket?.destroy()
  }
  return { log, udp: false, nextUs: 0, everyUs: 1e6 / TCP_LINES_PER_SECOND, send, leave }
}

/** Spreads players of each kind over a crowd's arrival. */
const STRIDE = 89

/** Players take turns at their own pace, each from its own moment on. */
function play(players: Player[], overMs: number): NodeJS.Timeout {
  const startUs = nowUs()
  players.forEach((player, index) => {
    const place = (index * STRIDE) % players.length
    player.nextUs = startUs + (place * (overMs === 0 ? player.everyUs : overMs * 1_000)) / players.length
  })
  return setInterval(() => {
    const now = nowUs()
    for (const player of players) {
      if (player.nextUs > now) continue
      player.nextUs = Math.max(player.nextUs + player.everyUs, now - player.everyUs)
      player.send(player.log.send(nowUs()))
    }
  }, TICK_MS)
}

const node = process.argv[2] as NodeName
const isCrowd = process.argv[3] === 'crowd'
const addresses = isCrowd ? crowdAddresses() : playerAddresses(node)
/** Sessions of a crowd lie above those of the players who were there. */
const firstSession = isCrowd ? 1_001 : 1
const enter = () =>
  addresses.map((player, index) =>
    player.transport === 'udp'
      ? udpPlayer(node, player, firstSession + index)
      : tcpPlayer(node, player, firstSession + index),
  )

let players: Player[] = []
let playing: NodeJS.Timeout | undefined

function summary(fromUs: number, toUs: number): PlayersEvent {
  const windows = players.map((player) => ({ udp: player.udp, trips: player.log.window(fromUs, toUs) }))
  const udpSent = windows.filter(({ udp }) => udp).reduce((sum, { trips }) => sum + trips.length, 0)
  return { type: 'summary', summary: summarise(windows.flatMap(({ trips }) => trips)), udpSent }
}

process.on('disconnect', () => process.exit(0))
process.on('message', (query: PlayersQuery) => {
  if (query.type === 'summary') process.send?.(summary(query.fromUs, query.toUs))
  if (query.type === 'join') {
    players = enter()
    playing = play(players, query.overMs)
  }
  if (query.type === 'leave') {
    clearInterval(playing)
    for (const player of players) player.leave()
  }
})
if (!isCrowd) {
  players = enter()
  play(players, 0)
}
process.send?.({ type: 'ready', players: addresses.length } satisfies PlayersEvent)
