import {
  HELLO,
  incidentBody,
  type SimulatedKey,
  simulatedBundle,
  simulatedReport,
  simulatedSample,
} from '../../server/testing/agent-simulator'
import { negotiateVersion } from '../../wire/limits'
import { AgentAuth, Hello, Push } from '../../wire/messages'
import { readAs } from '../../wire/read'
import { corrupt, type Json, mutate } from './mutate'
import type { Random } from './random'

const YEAR_MS = 365 * 86_400_000

/** One message of each kind, as an honest node sends them. */
export function realPushes(nodeId: string, key: SimulatedKey): Json[] {
  const nowMs = Date.now()
  const samples = [0, 1, 2].map((ago) => simulatedSample(nowMs - ago * 1_000))
  const report = simulatedReport()
  const surge = {
    id: report.id,
    atUs: nowMs * 1_000,
    endUs: null,
    peakWire: { pps: 9e3, bps: 9e6 },
    score: 0.1,
    reasons: report.reasons,
  }
  const evidence = simulatedBundle(report.id, nodeId, key, 64).body
  return [
    { lane: 'samples', seq: 1, body: { type: 'samples', samples } },
    { lane: 'incidents', seq: 1, body: incidentBody(report) },
    { lane: 'incidents', seq: 1, body: { type: 'surge', surge } },
    { lane: 'incidents', seq: 1, body: evidence },
  ] as unknown as Json[]
}

/** Understood by the contract and still to be refused: out of order, of next year or last year. */
function wrongInTime(push: Push, random: Random): Push {
  // Never twice the same, which would be a repeat, nor the next in order, which is 2 behind one refused for its time.
  const shiftMs = random.pick([YEAR_MS, -YEAR_MS]) + random.below(1e7) * 1_000
  if (push.body.type !== 'samples' || random.chance(0.8)) return { ...push, seq: 1_000 + random.below(1_000_000) }
  const samples = push.body.samples.map((sample) => ({ ...sample, atMs: Math.max(0, sample.atMs + shiftMs) }))
  return { ...push, seq: 1, body: { type: 'samples', samples } }
}

/** Broken pushes end a connection after ten; those that only come out of order do not, and keep it going. */
const BROKEN_SHARE = 0.5

/** A push that must be refused, as JSON text. What a change left in order by the contract gets a number out of order. */
export function badPush(real: readonly Json[], random: Random): string {
  const changed = random.chance(BROKEN_SHARE) ? mutate(random.pick(real), random) : random.pick(real)
  const parsed = readAs(Push, changed)
  return JSON.stringify(parsed.success ? wrongInTime(parsed.data, random) : changed)
}

/** A hello that must be refused, as JSON text. */
export function badHello(random: Random): string {
  const changed = mutate(HELLO as unknown as Json, random)
  return JSON.stringify(readAs(Hello, changed).success ? null : changed)
}

const NAMESPACES = ['', '/,', '/agent,', '/console,', '/admin,', '/agent?x=1,', '/../,', `/${'n'.repeat(500)},`]

/** An engine.io packet that no client sends: wrong types, names, numbers, halves, binary parts. */
export function badFrame(real: readonly Json[], random: Random): string | Buffer {
  // Of no lane: a frame that comes through whole after all must be refused for what it carries.
  const body = JSON.stringify(['push', { ...(random.pick(real) as object), lane: 'none' }])
  const kinds: (() => string | Buffer)[] = [
    () => corrupt(`42/agent,1${body}`, random),
    () => `4${random.below(10)}${random.pick(NAMESPACES)}${random.below(2 ** 31)}${body}`,
    () => `${random.below(10)}${corrupt(body, random)}`,
    () => `45${random.below(20)}-/agent,1${body}`,
    () => `43/agent,${random.below(1_000)}[${'0,'.repeat(random.below(100))}0]`,
    () => `42/agent,${'9'.repeat(random.below(400))}${body}`,
    () => `42/agent,["${random.pick(['error', 'disconnect', 'connect', 'newListener', '__proto__', 'welcome'])}",{}]`,
    () => `b${Buffer.from(body).toString('base64')}`,
    () => Buffer.from(Array.from({ length: random.below(2_000) }, () => random.below(256))),
    () => '4'.repeat(1 + random.below(5_000)),
    () => '',
  ]
  return random.pick(kinds)()
}

/** A proof of identity that must be refused, as JSON text: changed after signing, or no proof at all. */
export function badProof(proof: AgentAuth, random: Random): string {
  if (random.chance(0.1)) return corrupt(JSON.stringify({ ...proof, nonce: proof.signature.slice(0, 22) }), random)
  const changed = mutate(proof as unknown as Json, random)
  const parsed = readAs(AgentAuth, changed)
  // What the gateway looks at is as it was signed: it would be right to let that in.
  const isWhole =
    parsed.success &&
    ['nodeId', 'atMs', 'nonce', 'signature'].every((field) => {
      const name = field as keyof AgentAuth
      return parsed.data[name] === proof[name]
    })
  return JSON.stringify(isWhole && negotiateVersion(parsed.data.versions) !== null ? null : changed)
}
