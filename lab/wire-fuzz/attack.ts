import { sign } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createKey, HELLO, proveIdentity, type SimulatedKey } from '../../server/testing/agent-simulator'
import { enrolStatement, WIRE_ERRORS } from '../../wire/messages'
import { badFrame, badHello, badProof, badPush, realPushes } from './bad-messages'
import { mutate } from './mutate'
import { createRandom, type Random } from './random'
import { openRawSocket } from './raw-socket'

/** An enrolled node in the hands of somebody who means harm. */
export type Captured = { nodeId: string; key: SimulatedKey; freeAtMs: number }

export type AttackReport = {
  /** Messages that were answered, or ended the connection they came by. */
  sent: number
  /** Answers by code; `cut`: the connection ended instead. */
  answers: Record<string, number>
  /** What must not be: taken, or refused without a type. */
  wrong: string[]
}

type Attack = {
  url: string
  nodes: Captured[]
  count: number
  workers: number
  seed: number
}
type Front = Attack & { random: Random; report: AttackReport }

const WRONG_KEPT = 20
const CALLS_PER_CONNECTION = 24
const CUT_PAUSE_MS = 1_100

/** Throws `count` bad messages at every door of a gateway. */
export async function attack(options: Attack): Promise<AttackReport> {
  const report: AttackReport = { sent: 0, answers: {}, wrong: [] }
  const worker = async (at: number): Promise<void> => {
    const front: Front = { ...options, report, random: createRandom(options.seed + at) }
    while (report.sent < options.count) await chooseDoor(front)
  }
  await Promise.all(Array.from({ length: options.workers }, (_, at) => worker(at)))
  return report
}

function chooseDoor(front: Front): Promise<void> {
  const { random, nodes } = front
  const now = Date.now()
  const free = nodes.filter(({ freeAtMs }) => freeAtMs <= now)
  if (free.length > 0 && random.chance(0.75)) return asNode(front, random.pick(free))
  return random.pick([proofs, proofs, enrolments, uploads, garbage])(front)
}

function count({ report }: Front, answer: string, wrong: string | null = null): void {
  report.sent += 1
  report.answers[answer] = (report.answers[answer] ?? 0) + 1
  if (wrong !== null && report.wrong.length < WRONG_KEPT) report.wrong.push(wrong)
}

/** What an answer is: an error of ours with a type, or the end of the connection. Anything else is wrong. */
function kindOf(answer: unknown): { kind: string; isWrong: boolean } {
  if (answer === null) return { kind: 'cut', isWrong: false }
  const { error = answer } = answer as { error?: unknown }
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string' || !(WIRE_ERRORS as readonly string[]).includes(code)) {
    return { kind: 'taken', isWrong: true }
  }
  return { kind: code, isWrong: code === 'internal' }
}

function judge(front: Front, answer: unknown, message: string): void {
  const { kind, isWrong } = kindOf(answer)
  count(front, kind, isWrong ? `${JSON.stringify(answer).slice(0, 200)} to ${message.slice(0, 600)}` : null)
}

/** Pushes until the connection is cut, or one broken frame. */
async function asNode(front: Front, node: Captured): Promise<void> {
  const { url, random } = front
  node.freeAtMs = Date.now() + CUT_PAUSE_MS
  const socket = await openRawSocket(url)
  const proof = proveIdentity(node.nodeId, node.key.privateKey, 'connect')
  const joined = await socket.join(JSON.stringify(proof))
  if ((joined as { sid?: string } | null)?.sid === undefined) {
    socket.close()
    return
  }
  const real = realPushes(node.nodeId, node.key)
  const bad = random.chance(0.1) ? badHello(random) : null
  const greeted = await socket.call('hello', bad ?? JSON.stringify(HELLO))
  if (bad !== null) judge(front, greeted, bad)
  if (random.chance(0.15)) {
    socket.send(badFrame(real, random))
    // The answer to what follows says that the frame was dealt with.
    const last = badPush(real, random)
    const answer = await socket.call('push', last)
    count(front, answer === null ? 'cut' : 'ignored')
    if (answer !== null) judge(front, answer, last)
  } else {
    const pushes = Array.from({ length: CALLS_PER_CONNECTION }, () => badPush(real, random))
    const answers = await Promise.all(pushes.map((push) => socket.call('push', push)))
    // Behind the cut nobody read on: these do not count.
    answers.forEach((answer, at) => {
      if (answer !== null) judge(front, answer, pushes[at] as string)
    })
  }
  socket.close()
}

/** Proofs of identity that were changed after signing, three by one connection. */
async function proofs(front: Front): Promise<void> {
  const { url, nodes, random } = front
  const socket = await openRawSocket(url)
  for (let turn = 0; turn < 3; turn += 1) {
    const { nodeId, key } = random.pick(nodes)
    const proof = badProof(proveIdentity(nodeId, key.privateKey, 'connect'), random)
    const answer = (await socket.join(proof)) as { data?: unknown } | null
    judge(front, answer === null ? null : (answer.data ?? answer), proof)
    if (answer === null) break
  }
  socket.close()
}

const anyAddress = (random: Random): string => `203.0.${random.below(256)}.${random.below(256)}`

async function enrolments(front: Front): Promise<void> {
  const { url, random } = front
  const { publicKey, privateKey } = createKey()
  const token = `enrol_${random.below(2 ** 31)}`
  const proof = sign(null, Buffer.from(enrolStatement(token, publicKey)), privateKey).toString('base64url')
  const request = { token, publicKey, hostname: 'x', agentVersion: '1', proof }
  const body = JSON.stringify(random.chance(0.3) ? request : mutate(request, random))
  const headers = { 'x-forwarded-for': anyAddress(random) }
  await ask(front, `${url}/gateway/enroll`, { method: 'POST', headers, body })
}

async function uploads(front: Front): Promise<void> {
  const { url, nodes, random } = front
  const path = `/gateway/evidence/${random
    .below(2 ** 31)
    .toString(16)
    .padStart(64, '0')}`
  const { nodeId, key } = random.pick(nodes)
  const claim = badProof(proveIdentity(nodeId, key.privateKey, `PUT ${path}`), random)
  const headers = { authorization: `Agent ${Buffer.from(claim).toString('base64url')}` }
  await ask(front, url + path, { method: 'PUT', headers, body: 'x'.repeat(random.below(50_000)) })
}

async function ask(front: Front, url: string, init: RequestInit): Promise<void> {
  const reply = await fetch(url, init).catch(() => null)
  // Whoever sends on behind a refusal may see the connection end before the answer.
  const text = reply === null ? null : await reply.text().catch(() => null)
  const sent = String(init.body)
  if (reply === null || text === null) count(front, 'cut')
  else if (reply.ok) count(front, 'taken', `${reply.status} to ${sent.slice(0, 600)}`)
  else if (text.startsWith('{')) judge(front, (JSON.parse(text) as { error: unknown }).error, sent)
  else count(front, `http ${reply.status}`)
}

/** Bytes that are no HTTP, or half of it. */
async function garbage(front: Front): Promise<void> {
  const { url, random } = front
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const ended = new Promise<string>((done) => {
    let said = ''
    socket.on('data', (part) => {
      said += part
    })
    socket.once('close', () => done(said))
  })
  const line = random.pick(['GET /gateway/', 'POST /gateway/enroll', 'PUT /gateway/evidence/', 'BREW /', ''])
  const noise = Array.from({ length: random.below(3_000) }, () => String.fromCharCode(random.below(256))).join('')
  socket.end(`${line}${noise}\r\n\r\n`, 'latin1')
  const said = await Promise.race([ended, wait(15_000, 'nothing', { ref: false })])
  socket.destroy()
  const status = /^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 'cut'
  count(front, status === 'cut' ? 'cut' : `http ${status}`, status.startsWith('2') ? `${status} to garbage` : null)
}
