import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const TRIES_MAX = 100

/** Whether a server could listen there now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen(port, host, () => probe.close(() => done(true)))
  })
}

/** The first free port on the loopback address, from `first` on. */
export async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + TRIES_MAX; port += 1) if (await isFree(port)) return port
  throw new Error(`No port between ${first} and ${first + TRIES_MAX - 1} is free on this machine.`)
}

/** Any free port below the range of outgoing connections, which may hold a port without warning. */
export async function anyPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
}
