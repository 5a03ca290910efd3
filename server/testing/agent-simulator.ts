import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { uuidv7 } from 'uuidv7'
import { canonicalJson } from '../../wire/canonical'
import type { EvidenceManifest } from '../../wire/evidence'
import type { IncidentEvent, IncidentReport } from '../../wire/incident'
import { PROTOCOL_VERSIONS } from '../../wire/limits'
import {
  type AgentAuth,
  type AgentToGateway,
  authStatement,
  type EnrolResponse,
  enrolStatement,
  type GatewayToAgent,
  type Hello,
  type Lane,
  type PushAck,
  type PushBody,
  type Welcome,
  type WireError,
} from '../../wire/messages'
import type { Sample } from '../../wire/sample'

type AgentSocket = Socket<GatewayToAgent, AgentToGateway>

/** A node that speaks the wire contract and nothing else: what a gateway test, a benchmark or a demonstration connects. */
export type AgentSimulator = {
  key: SimulatedKey
  enrolment: EnrolResponse
  socket: AgentSocket
  welcome: Welcome
  push: (lane: Lane, seq: number, body: PushBody) => Promise<PushAck>
  /** Any value as a push, for what an honest agent would never send. */
  pushRaw: (value: unknown) => Promise<PushAck>
  /** Authorization header of an upload. */
  authorize: (purpose: string) => string
  /** Leaves and comes back with the same key. */
  reconnect: () => Promise<void>
  close: () => void
}

export type SimulatedKey = { privateKey: KeyObject; publicKey: string }

export function createKey(): SimulatedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, publicKey: publicKey.export({ format: 'jwk' }).x as string }
}

const signed = (statement: string, key: KeyObject): string =>
  sign(null, Buffer.from(statement), key).toString('base64url')

export function proveIdentity(
  nodeId: string,
  key: KeyObject,
  purpose: string,
  part: Partial<AgentAuth> = {},
): AgentAuth {
  const claim = { nodeId, atMs: Date.now(), nonce: randomBytes(16).toString('base64url'), ...part }
  const signature = signed(authStatement(purpose, claim), key)
  return { versions: [...PROTOCOL_VERSIONS], signature, ...claim }
}

export class EnrolRefused extends Error {
  constructor(readonly wireError: WireError) {
    super(wireError.message)
  }
}

export async function enrol(
  url: string,
  token: string,
  key: SimulatedKey,
  hostname = 'match-01',
): Promise<EnrolResponse> {
  const reply = await fetch(`${url}/gateway/enroll`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token,
      publicKey: key.publicKey,
      hostname,
      agentVersion: '0.1.0',
      proof: signed(enrolStatement(token, key.publicKey), key.privateKey),
    }),
  })
  const body = (await reply.json()) as EnrolResponse | { error: WireError }
  if ('error' in body) throw new EnrolRefused(body.error)
  return body
}

export class ConnectRefused extends Error {
  constructor(readonly wireError: WireError) {
    super(wireError.message)
  }
}

/** Opens a socket with this proof; rejects with the typed error of a refusal. */
export function connectSocket(url: string, auth: () => object): Promise<AgentSocket> {
  const socket: AgentSocket = io(`${url}/agent`, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: (done) => done(auth()),
  })
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('connect_error', (error) => {
      socket.close()
      const { data } = error as Error & { data?: WireError }
      reject(data === undefined ? error : new ConnectRefused(data))
    })
  })
}

export const HELLO: Hello = {
  agentVersion: '0.1.0',
  hostname: 'match-01',
  kernel: '6.1.0',
  level: 'nftables',
  servicePorts: [{ protocol: 'udp', port: 27_015 }],
  addresses: ['203.0.113.10'],
}

async function greet(socket: AgentSocket): Promise<Welcome> {
  const welcome = await socket.timeout(20_000).emitWithAck('hello', HELLO)
  if ('error' in welcome) throw new ConnectRefused(welcome.error)
  return welcome
}

/** Enrols with the token, connects and says hello. */
export async function startAgent(url: string, token: string, hostname?: string): Promise<AgentSimulator> {
  const key = createKey()
  const enrolment = await enrol(url, token, key, hostname)
  const connect = () => connectSocket(url, () => proveIdentity(enrolment.nodeId, key.privateKey, 'connect'))
  const socket = await connect()
  const simulator: AgentSimulator = {
    key,
    enrolment,
    socket,
    welcome: await greet(socket),
    push: (lane, seq, body) => simulator.pushRaw({ lane, seq, body }),
    pushRaw: (value) => simulator.socket.timeout(10_000).emitWithAck('push', value as never),
    authorize: (purpose) => {
      const claim = JSON.stringify(proveIdentity(enrolment.nodeId, key.privateKey, purpose))
      return `Agent ${Buffer.from(claim).toString('base64url')}`
    },
    reconnect: async () => {
      simulator.socket.close()
      simulator.socket = await connect()
      simulator.welcome = await greet(simulator.socket)
    },
    close: () => simulator.socket.close(),
  }
  return simulator
}

const none = { pps: 0, bps: 0 }

export function simulatedSample(atMs: number, pps = 900): Sample {
  const rate = { pps, bps: pps * 1_200 }
  const quiet = { in: none, out: none }
  return {
    atMs: Math.floor(atMs / 1_000) * 1_000,
    wire: rate,
    dropped: none,
    delivered: rate,
    out: rate,
    protocols: { udp: { in: rate, out: rate }, tcp: quiet, icmp: quiet, other: quiet },
    synPps: 0,
    interfaces: [{ name: 'eth0', in: rate, out: rate, inDropsPps: 0 }],
    connections: 12,
    synBacklog: 0,
    listenDropsPps: 0,
    socketDropsPps: 0,
    softnetDropsPps: 0,
    baseline: { pps: 850, ppsHigh: 1_100 },
    tripwirePps: 3_000,
    verifiedClients: 20,
  }
}

/** A UDP flood as its node reports it at once: named, and its rule in the kernel. */
export function simulatedReport(part: Partial<IncidentReport> = {}, nowUs = Date.now() * 1_000): IncidentReport {
  const wire = { pps: 120_000, bps: 800e6 }
  return {
    id: uuidv7(),
    revision: 1,
    state: 'mitigating',
    score: 0.98,
    target: { addresses: ['203.0.113.10'], ports: [27_015] },
    vectors: [
      { id: 'udp_flood_fixed', confidence: 0.93, share: 1, startUs: nowUs - 9_000, endUs: null, targetPort: 27_015 },
    ],
    reasons: [{ term: 'volume', value: 133, unit: 'times', normal: { low: 0.8, high: 1.3 }, strength: 0.9 }],
    rules: [
      {
        id: 'r1',
        vectorId: 'udp_flood_fixed',
        level: 'L1',
        action: 'drop',
        words: 'UDP to port 27015 of exactly 512 bytes from new sources',
        nft: 'udp dport 27015 udp length 512 drop',
        installedUs: nowUs - 2_000,
        removedUs: null,
        packets: 240,
        bytes: 131_000,
      },
    ],
    stages: {
      trippedUs: nowUs - 9_000,
      detectedUs: nowUs - 4_000,
      ruleInKernelUs: nowUs - 2_000,
      evidenceSecuredUs: null,
      mitigatedUs: null,
      endingUs: null,
      resolvedUs: null,
    },
    traffic: {
      wire,
      dropped: { pps: 119_000, bps: 790e6 },
      delivered: { pps: 1_000, bps: 10e6 },
      peakWire: wire,
      wirePackets: 1_000,
      droppedPackets: 240,
      droppedBytes: 131_000,
    },
    baseline: { pps: 850, ppsHigh: 1_100 },
    verifiedClients: { count: 20, packetsIn: 900, packetsPastCut: 900, socketBufferDrops: 0 },
    evidence: null,
    policy: { name: 'default', version: 1 },
    ...part,
  }
}

export function incidentBody(report: IncidentReport, kind: IncidentEvent['kind'] = 'opened'): PushBody {
  return {
    type: 'incident',
    event: { atUs: report.stages.detectedUs, kind, text: `The incident was ${kind}.` },
    report,
  }
}

/** Signs a manifest as its node does. */
export const signManifest = (manifest: EvidenceManifest, key: SimulatedKey) => ({
  manifest,
  signature: signed(canonicalJson(manifest), key.privateKey),
})

/** A bundle and the message that announces it, signed by the node. `nodeId` as it stands on the wire. */
export function simulatedBundle(incidentId: string, nodeId: string, key: SimulatedKey, bytes = 50_000) {
  const content = randomBytes(bytes)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const nowUs = Date.now() * 1_000
  const manifest: EvidenceManifest = {
    format: 'evidence-manifest/1',
    incidentId,
    nodeId,
    createdUs: nowUs,
    onsetUs: nowUs,
    packetsBeforeOnset: 100,
    clock: { source: 'system', offsetUs: null },
    tool: { name: 'agent', version: '0.1.0' },
    publicKey: key.publicKey,
    files: [
      {
        name: 'ring.pcapng',
        sha256,
        bytes,
        packets: 500,
        source: 'ring',
        firstPacketUs: nowUs - 3_000_000,
        lastPacketUs: nowUs,
        timestampResolution: 'us',
        snapLength: 128,
        samplingRate: 1,
        kernelDrops: 0,
      },
    ],
  }
  const body: PushBody = {
    type: 'evidence',
    incidentId,
    bundle: { sha256, bytes },
    signed: signManifest(manifest, key),
  }
  return { content, sha256, body }
}
