import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP hop between node and gateway: its address stays while the gateway changes, and it can hold an upload half way. */
export class OutageProxy {
  /** Port of the gateway that stands now. */
  target = 0
  #server: Server
  #sockets = new Set<Socket>()
  #uploadHold: { afterBytes: number; reached: () => void; released: Promise<void> } | null = null

  private constructor() {
    this.#server = createServer((socket) => this.#forward(socket))
  }

  static async open(): Promise<OutageProxy> {
    const proxy = new OutageProxy()
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done))
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The next upload passes this many bytes and then stands still until `release`. */
  holdUpload(afterBytes: number): { reached: Promise<void>; release: () => void } {
    let release = (): void => {}
    let reachedNow = (): void => {}
    const released = new Promise<void>((done) => {
      release = done
    })
    const reached = new Promise<void>((done) => {
      reachedNow = done
    })
    this.#uploadHold = { afterBytes, reached: reachedNow, released }
    return {
      reached,
      release: () => {
        this.#uploadHold = null
        release()
      },
    }
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #forward(node: Socket): void {
    const gateway = connect(this.target, '127.0.0.1')
    for (const [one, other] of [
      [node, gateway],
      [gateway, node],
    ] as const) {
      this.#sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    gateway.pipe(node)
    void this.#pass(node, gateway).catch(() => node.destroy())
  }

  async #pass(node: Socket, gateway: Socket): Promise<void> {
    let passed = 0
    let isUpload: boolean | null = null
    for await (const chunk of node as AsyncIterable<Buffer>) {
      isUpload ??= chunk.subarray(0, 22).toString('latin1').startsWith('PUT /gateway/evidence/')
      const hold = isUpload ? this.#uploadHold : null
      if (hold && passed + chunk.length > hold.afterBytes) {
        hold.reached()
        await hold.released
      }
      passed += chunk.length
      if (!gateway.write(chunk)) await new Promise<void>((done) => gateway.once('drain', done).once('close', done))
    }
    gateway.end()
  }
}
