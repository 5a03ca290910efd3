import dgram from 'node:dgram'
import net from 'node:net'
import { readInput, writeSnapshot } from './game-protocol'
import { GAME_PORT, TCP_PORT } from './topology'

/**
 * Child process inside a match server's namespace: answers each player's datagram with a snapshot that echoes its number,
 * and echoes lines over TCP. What does not speak the protocol is counted and left unanswered.
 */

export type GameServerEvent =
  | { type: 'ready'; pid: number }
  | { type: 'counts'; inputs: number; strangers: number; tcpLines: number }

const counts = { inputs: 0, strangers: 0, tcpLines: 0 }

function udpServer(family: 'udp4' | 'udp6', address: string): Promise<void> {
  const socket = dgram.createSocket({
    type: family,
    ipv6Only: family === 'udp6',
    recvBufferSize: 4 << 20,
    sendBufferSize: 1 << 20,
  })
  socket.on('message', (datagram, from) => {
    const head = readInput(datagram)
    if (!head) {
      counts.strangers += 1
      return
    }
    counts.inputs += 1
    socket.send(writeSnapshot(head), from.port, from.address)
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(GAME_PORT, address, () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve()
    })
  })
}

function tcpServer(): Promise<void> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    let rest = ''
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      counts.tcpLines += lines.length
      if (lines.length > 0) socket.write(`${lines.join('\n')}\n`)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: TCP_PORT, host: '::', backlog: 1024 }, () => resolve())
  })
}

process.on('disconnect', () => process.exit(0))
process.on('message', () => process.send?.({ type: 'counts', ...counts } satisfies GameServerEvent))
await Promise.all([udpServer('udp4', '0.0.0.0'), udpServer('udp6', '::'), tcpServer()])
process.send?.({ type: 'ready', pid: process.pid } satisfies GameServerEvent)
