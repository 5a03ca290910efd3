import { WebSocket } from 'ws'

/** A socket that speaks engine.io and Socket.IO by hand, so that it can say what no client library would. */
export type RawSocket = {
  /** A whole engine.io packet as it goes onto the wire. */
  send: (packet: string | Buffer) => void
  /** Opens the namespace of agents; what the gateway answered, parsed: `sid` or a refusal. */
  join: (auth: string) => Promise<unknown>
  /** Calls an event and gives the answer; null when the connection ended first. */
  call: (event: string, argument: string) => Promise<unknown>
  closed: Promise<void>
  isOpen: () => boolean
  close: () => void
}

export const AGENTS = '/agent'
const ANSWER_MS_MAX = 15_000

export async function openRawSocket(url: string): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/gateway/socket.io?EIO=4&transport=websocket`)
  const answers = new Map<number, (answer: unknown) => void>()
  let joined: ((answer: unknown) => void) | null = null
  let calls = 0
  const closed = new Promise<void>((done) => socket.once('close', () => done()))
  // A broken frame may have taken us out of the namespace: then nobody answers, and the connection stands.
  const deadline = setTimeout(() => socket.terminate(), ANSWER_MS_MAX)
  const giveUp = (): void => {
    clearTimeout(deadline)
    joined?.(null)
    for (const answer of answers.values()) answer(null)
    answers.clear()
  }
  socket.on('close', giveUp)
  socket.on('error', () => {})
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const text = isBinary ? '' : data.toString()
    if (text === '2') socket.send('3')
    const [, kind, id = '', body = 'null'] = /^4([0-6])(?:\/agent,)?(\d*)([\s\S]*)$/.exec(text) ?? []
    if (kind === '0' || kind === '4') joined?.(JSON.parse(body || 'null'))
    if (kind !== '3') return
    answers.get(Number(id))?.((JSON.parse(body) as unknown[])[0])
    answers.delete(Number(id))
  })
  await new Promise<void>((done, fail) => {
    socket.once('open', done)
    socket.once('error', fail)
  })
  const send: RawSocket['send'] = (packet) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(packet)
  }
  return {
    send,
    join: (auth) =>
      new Promise((done) => {
        joined = done
        if (socket.readyState === WebSocket.OPEN) send(`40${AGENTS},${auth}`)
        else done(null)
      }),
    call: (event, argument) =>
      new Promise((done) => {
        calls += 1
        answers.set(calls, done)
        if (socket.readyState === WebSocket.OPEN) send(`42${AGENTS},${calls}["${event}",${argument}]`)
        else giveUp()
      }),
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  }
}
