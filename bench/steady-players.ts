import dgram from 'node:dgram'
import { nowUs } from '../lab/clock'
import { writeInput } from '../lab/game-protocol'
import { GAME_PORT, NODES, type NodeName, playerAddresses } from '../lab/topology'

/** Child process inside the players' namespace: further sessions of a node's UDP players, so many packets a second in all. */

export type SteadyEvent = { type: 'ready' }

const TICK_MS = 10
const FIRST_SESSION = 500

const node = process.argv[2] as NodeName
const pps = Number(process.argv[3])
const udp = playerAddresses(node).filter(({ transport }) => transport === 'udp')

const sessions = await Promise.all(
  udp.map(async ({ address, family }, index) => {
    const socket = dgram.createSocket(family === 4 ? 'udp4' : 'udp6')
    socket.on('error', () => {})
    socket.on('message', () => {})
    const session = FIRST_SESSION + index
    await new Promise<void>((resolve) => socket.bind(41_000 + index, address, resolve))
    const server = family === 4 ? NODES[node].game4 : NODES[node].game6
    return (sequence: number) => socket.send(writeInput({ session, sequence }), GAME_PORT, server)
  }),
)

let sent = 0
const startedUs = nowUs()
setInterval(() => {
  const due = Math.floor(((nowUs() - startedUs) * pps) / 1e6)
  for (; sent < due; sent += 1) sessions[sent % sessions.length]!(Math.floor(sent / sessions.length))
}, TICK_MS)
process.on('disconnect', () => process.exit(0))
process.send?.({ type: 'ready' } satisfies SteadyEvent)
