import { createHash } from 'node:crypto'
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import {
  AgentAuth,
  AgentHealth,
  type AgentToGateway,
  authStatement,
  type GatewayToAgent,
  HeldPolicy,
  Hello,
  type Lane,
  Push,
  type PushAck,
  type PushBody,
  type Schedule,
  type WireError,
} from '../../wire/messages'
import { verifySignature } from '../identity'

export const policy = {
  name: 'default',
  version: 1,
  certain: 'drop' as const,
  doubtful: 'limit' as const,
  newSourcePps: 50,
  holdMs: 10_000,
}

/** What a gateway keeps over its own restarts. */
export type Kept = { cursors: Record<Lane, number>; pushes: Push[]; bundles: Map<string, Buffer> }

export const keepNothing = (): Kept => ({ cursors: { incidents: 0, samples: 0 }, pushes: [], bundles: new Map() })

/** The other side of the wire contract on a real Socket.IO server: checks form, proof of identity and numbers. */
export class TestGateway {
  refusal: WireError | null = null
  /** Largest body of one request so far. */
  requestBytesMax = 0
  /** Bytes of an upload after which the connection breaks; null: never. */
  breakUploadAt: number | null = null
  hashToReturn: string | null = null
  connections = 0
  /** What it settles on with whoever comes. */
  version = 2
  readonly held: HeldPolicy[] = []
  readonly health: AgentHealth[] = []
  /** What a welcome says of it; an older platform says nothing. */
  schedule: Schedule | undefined

  private constructor(
    readonly http: HttpServer,
    readonly io: Server<AgentToGateway, GatewayToAgent>,
    private readonly publicKey: string,
    private readonly kept: Kept,
  ) {}

  static async open(publicKey: string, kept: Kept, port = 0): Promise<TestGateway> {
    const http = createServer()
    const io = new Server<AgentToGateway, GatewayToAgent>(http, { path: '/gateway/socket.io', addTrailingSlash: false })
    const gateway = new TestGateway(http, io, publicKey, kept)
    http.on('request', (request, response) => {
      if (request.url?.startsWith('/gateway/evidence/')) void gateway.receive(request, response)
    })
    gateway.serve()
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
    return gateway
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port
  }

  get bodies(): PushBody[] {
    return this.kept.pushes.map(({ body }) => body)
  }

  async close(): Promise<void> {
    await this.io.close()
  }

  private serve(): void {
    const agents = this.io.of('/agent')
    agents.use((socket, next) => {
      this.connections += 1
      const wire = this.refusal ?? this.check('connect', socket.handshake.auth)
      next(wire ? Object.assign(new Error(wire.message), { data: wire }) : undefined)
    })
    agents.on('connection', (socket) => {
      socket.on('hello', (hello, ack) => {
        Hello.parse(hello)
        const { version, schedule } = this
        ack({ version, nodeId: 'node-1', cursors: { ...this.kept.cursors }, policy, ...(schedule ? { schedule } : {}) })
      })
      socket.on('health', (health) => void this.health.push(AgentHealth.parse(health)))
      socket.on('held', (held) => void this.held.push(HeldPolicy.parse(held)))
      socket.on('push', (push, ack) => ack(this.take(Push.parse(push))))
    })
  }

  private check(purpose: string, claim: unknown): WireError | null {
    const auth = AgentAuth.safeParse(claim)
    const isSigned =
      auth.success && verifySignature(this.publicKey, authStatement(purpose, auth.data), auth.data.signature)
    return isSigned ? null : { code: 'bad_signature', message: 'The signature does not fit.' }
  }

  private take(push: Push): PushAck {
    const { cursors, pushes } = this.kept
    const lastSeq = cursors[push.lane]
    if (push.seq <= lastSeq) return { ok: true, lastSeq }
    if (push.seq > lastSeq + 1) return { ok: false, error: { code: 'sequence_gap', message: 'gap' }, lastSeq }
    cursors[push.lane] = push.seq
    pushes.push(push)
    return { ok: true, lastSeq: push.seq }
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sha256 = request.url?.split('/').at(-1) ?? ''
    const claim = Buffer.from(request.headers.authorization?.replace('Agent ', '') ?? '', 'base64url').toString()
    if (this.check(`${request.method} ${request.url}`, JSON.parse(claim))) return void response.writeHead(401).end()
    const have = this.kept.bundles.get(sha256) ?? Buffer.alloc(0)
    if (request.method === 'HEAD') return void response.writeHead(200, { 'upload-offset': have.length }).end()
    if (Number(request.headers['upload-offset']) !== have.length) return void response.writeHead(409).end()
    let bytes = have
    try {
      for await (const chunk of request) {
        bytes = Buffer.concat([bytes, chunk as Buffer])
        this.kept.bundles.set(sha256, bytes)
        if (this.breakUploadAt !== null && bytes.length >= this.breakUploadAt) return void request.destroy()
      }
    } catch {
      return
    }
    this.requestBytesMax = Math.max(this.requestBytesMax, bytes.length - have.length)
    const isWhole = createHash('sha256').update(bytes).digest('hex') === sha256
    if (!isWhole && !this.hashToReturn)
      return void response.writeHead(202, { 'upload-offset': bytes.length, 'upload-complete': '?0' }).end()
    const computed = this.hashToReturn ?? createHash('sha256').update(bytes).digest('hex')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ sha256: computed }))
  }
}
