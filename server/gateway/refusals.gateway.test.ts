import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOCK_SKEW_MS_MAX, MESSAGE_BYTES_MAX } from '../../wire/limits'
import { parseId } from '../core/ids'
import { createEnrolmentToken } from '../services/nodes/create-enrolment-token'
import { revokeEnrolmentToken } from '../services/nodes/revoke-enrolment-token'
import {
  type AgentSimulator,
  type ConnectRefused,
  connectSocket,
  createKey,
  type EnrolRefused,
  enrol,
  incidentBody,
  proveIdentity,
  simulatedBundle,
  simulatedReport,
  simulatedSample,
  startAgent,
} from '../testing/agent-simulator'
import { openStand, type RunningPlatform, type Stand, type StandWorkspace } from '../testing/gateway-stand'

let stand: Stand
let workspace: StandWorkspace
let platform: RunningPlatform
let agent: AgentSimulator
let neighbour: AgentSimulator
let nodes = 0

beforeAll(async () => {
  stand = await openStand()
  workspace = await stand.addWorkspace()
  platform = await stand.start('gateway')
  neighbour = await startAgent(platform.url, await workspace.mintToken('neighbour'))
})
afterAll(async () => {
  neighbour.close()
  await platform.stop()
  await stand.close()
})
let neighbourSeq = 0
beforeEach(async () => {
  nodes += 1
  agent = await startAgent(platform.url, await workspace.mintToken(`match-${nodes}`))
})
/** Whatever was refused: nothing of it is stored, and the neighbour's pushes go on. */
afterEach(async () => {
  agent.close()
  const nodeId = parseId('nd', agent.enrolment.nodeId)
  for (const table of ['sample_1s', 'incident', 'surge', 'evidence']) {
    expect(await stand.rows(`SELECT 1 FROM ${table} WHERE node_id = $1`, [nodeId]), table).toEqual([])
  }
  neighbourSeq += 1
  const body = { type: 'samples' as const, samples: [simulatedSample(Date.now() - neighbourSeq * 1_000)] }
  expect(await neighbour.push('samples', neighbourSeq, body)).toEqual({ ok: true, lastSeq: neighbourSeq })
})

const wireErrorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('was accepted')),
    (error: ConnectRefused | EnrolRefused) => error.wireError,
  )

async function audited(action: string, code: string, subjectId = parseId('nd', agent.enrolment.nodeId)): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await stand.rows(
      "SELECT 1 FROM audit_entry WHERE workspace_id = $1 AND action = $2 AND after ->> 'code' = $3 AND subject_id = $4",
      [workspace.id, action, code, subjectId],
    )
    expect(rows).toHaveLength(1)
  })
}

const token = async () => {
  nodes += 1
  return createEnrolmentToken({ ctx: workspace.asJob, input: { nodeName: `match-${nodes}` } })
}

describe('a token', () => {
  it('that was used is refused, and its workspace reads of it', async () => {
    const { id, token: once } = await token()
    await enrol(platform.url, once, createKey())
    const error = await wireErrorOf(enrol(platform.url, once, createKey()))
    expect(error).toMatchObject({ code: 'bad_token', message: expect.stringContaining('was used at') })
    await audited('enrol.refused', 'bad_token', id)
  })

  it('that is past its hour is refused, and its workspace reads of it', async () => {
    const { id, token: old } = await token()
    await stand.rows("UPDATE enrolment_token SET expires_at = now() - interval '1 s' WHERE id = $1 RETURNING 1", [id])
    const error = await wireErrorOf(enrol(platform.url, old, createKey()))
    expect(error).toMatchObject({ code: 'bad_token', message: expect.stringContaining('was good until') })
    await audited('enrol.refused', 'bad_token', id)
  })

  it('that was revoked is refused, and its workspace reads of it', async () => {
    const { id, token: revoked } = await token()
    await revokeEnrolmentToken({ ctx: workspace.asJob, input: { tokenId: id } })
    const error = await wireErrorOf(enrol(platform.url, revoked, createKey()))
    expect(error).toMatchObject({ code: 'bad_token', message: expect.stringContaining('was revoked at') })
    await audited('enrol.refused', 'bad_token', id)
  })

  it('that nobody made is refused; from the eleventh on the address has to wait', async () => {
    const from = { 'x-forwarded-for': '203.0.113.77' }
    const ask = () =>
      fetch(`${platform.url}/gateway/enroll`, { method: 'POST', headers: from, body: '{"token":"guess"}' })
    for (let guess = 0; guess < 10; guess += 1) expect((await ask()).status).toBe(400)
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    expect(await wireErrorOf(enrol(platform.url, 'no-such-token', createKey()))).toMatchObject({ code: 'bad_token' })
  })
})

describe('a proof of identity', () => {
  const connect = (part: object, key = agent.key.privateKey) =>
    wireErrorOf(connectSocket(platform.url, () => proveIdentity(agent.enrolment.nodeId, key, 'connect', part)))

  it.each([
    ['signed with another key', 'bad_signature', () => connect({}, createKey().privateKey)],
    ['dated ahead', 'clock_skew', () => connect({ atMs: Date.now() + CLOCK_SKEW_MS_MAX + 5_000 })],
    ['dated back', 'clock_skew', () => connect({ atMs: Date.now() - CLOCK_SKEW_MS_MAX - 5_000 })],
    ['of an unknown protocol version', 'unknown_version', () => connect({ versions: [99] })],
  ])('%s is refused as %s with an audit line', async (_title, code, attempt) => {
    expect(await attempt()).toMatchObject({ code })
    await audited('connect.refused', code)
  })

  it('used before is refused with an audit line', async () => {
    const proof = proveIdentity(agent.enrolment.nodeId, agent.key.privateKey, 'connect')
    const socket = await connectSocket(platform.url, () => proof)
    socket.close()
    expect(await wireErrorOf(connectSocket(platform.url, () => proof))).toMatchObject({ code: 'replayed' })
    await audited('connect.refused', 'replayed')
  })

  it('of a revoked key is refused with an audit line', async () => {
    await stand.rows('UPDATE node_credential SET revoked_at = now() WHERE public_key = $1 RETURNING 1', [
      agent.key.publicKey,
    ])
    expect(await connect({})).toMatchObject({ code: 'revoked' })
    await audited('connect.refused', 'revoked')
  })

  it('for another bundle does not open the door for uploads, and leaves an audit line', async () => {
    const headers = { authorization: agent.authorize(`PUT /gateway/evidence/${'a'.repeat(64)}`) }
    const reply = await fetch(`${platform.url}/gateway/evidence/${'b'.repeat(64)}`, {
      method: 'PUT',
      headers,
      body: 'x',
    })
    expect(await reply.json()).toMatchObject({ error: { code: 'bad_signature' } })
    await audited('upload.refused', 'bad_signature')
  })
})

describe('a message', () => {
  const nextYearUs = (Date.now() + 365 * 86_400_000) * 1_000
  const later = (report = simulatedReport()) => ({ ...report, stages: { ...report.stages, detectedUs: nextYearUs } })
  const huge = () => ({ type: 'samples', samples: Array.from({ length: 100 }, (_, at) => wide(at)) })
  const wide = (at: number) => {
    const sample = simulatedSample(at * 1_000)
    return { ...sample, interfaces: Array.from({ length: 52 }, () => sample.interfaces[0]) }
  }
  const surge = {
    id: simulatedReport().id,
    atUs: nextYearUs,
    endUs: null,
    peakWire: { pps: 1, bps: 1 },
    score: 0,
    reasons: [],
  }

  it.each([
    ['that is malformed', 'bad_message', { lane: 'samples', seq: 1, body: { type: 'samples', samples: [{}] } }],
    [
      'with a byte that no database stores',
      'bad_message',
      {
        lane: 'incidents',
        seq: 1,
        body: { ...incidentBody(simulatedReport()), event: { atUs: 1, kind: 'opened', text: '\0' } },
      },
    ],
    ['over the limit', 'too_large', { lane: 'samples', seq: 1, body: huge() }],
    ['about an incident of next year', 'in_future', { lane: 'incidents', seq: 1, body: incidentBody(later()) }],
    ['about a surge of next year', 'in_future', { lane: 'incidents', seq: 1, body: { type: 'surge', surge } }],
    [
      'with samples of next year',
      'in_future',
      { lane: 'samples', seq: 1, body: { type: 'samples', samples: [simulatedSample(nextYearUs / 1_000)] } },
    ],
    [
      'with samples of last week',
      'too_old',
      { lane: 'samples', seq: 1, body: { type: 'samples', samples: [simulatedSample(Date.now() - 7 * 86_400_000)] } },
    ],
    ['of no known kind', 'bad_message', { lane: 'incidents', seq: 1, body: { type: 'order', command: 'reboot' } }],
  ])('%s is refused as %s with an audit line', async (_title, code, push) => {
    if (code === 'too_large') expect(JSON.stringify(push).length).toBeGreaterThan(MESSAGE_BYTES_MAX)
    expect(await agent.pushRaw(push)).toMatchObject({ ok: false, error: { code } })
    await audited('push.refused', code)
  })

  it('from the future does not hold up what comes after it', async () => {
    expect(await agent.push('incidents', 1, incidentBody(later()))).toMatchObject({ ok: false, lastSeq: 1 })
    expect(await agent.pushRaw({ lane: 'incidents', seq: 2, body: incidentBody(later()) })).toMatchObject({
      lastSeq: 2,
    })
  })

  it('that announces evidence signed by another key is refused with an audit line', async () => {
    const bundle = simulatedBundle(simulatedReport().id, agent.enrolment.nodeId, createKey())
    const refused = await agent.push('incidents', 1, bundle.body)
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'bad_message', message: expect.stringContaining('not signed by a key of this node') },
    })
    await audited('push.refused', 'bad_message')
  })

  it('that announces evidence whose manifest was changed after signing is refused', async () => {
    const { body } = simulatedBundle(simulatedReport().id, agent.enrolment.nodeId, agent.key)
    if (body.type !== 'evidence') throw new Error('not an announcement')
    body.signed.manifest.packetsBeforeOnset += 1
    expect(await agent.push('incidents', 1, body)).toMatchObject({ ok: false, error: { code: 'bad_message' } })
  })
})

describe('a length that compares with nothing', () => {
  const hostile = { length: JSON.parse('{"valueOf":1,"toString":2}') }

  it('said of itself by a node is a fault like any other, and the gateway goes on', async () => {
    agent.socket.emit('held', { id: hostile, stoppedUntilMs: null } as never)
    await audited('push.refused', 'bad_message')
    const push = { lane: 'incidents', seq: 1, body: { ...incidentBody(simulatedReport()), report: { id: hostile } } }
    expect(await agent.pushRaw(push)).toMatchObject({ ok: false, error: { code: 'bad_message' } })
  })

  it('in a proof, an enrolment or a claim on a board is answered in words', async () => {
    const proof = proveIdentity(agent.enrolment.nodeId, agent.key.privateKey, 'connect')
    const lie = () => ({ ...proof, nodeId: hostile }) as never
    expect(await wireErrorOf(connectSocket(platform.url, lie))).toMatchObject({ code: 'bad_message' })
    const body = JSON.stringify({ token: hostile })
    const reply = await fetch(`${platform.url}/gateway/enroll`, { method: 'POST', body })
    expect(await reply.json()).toMatchObject({ error: { code: 'bad_message' } })
    const board = io(`${platform.url}/board`, {
      path: '/gateway/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: hostile },
      extraHeaders: { origin: platform.url },
    })
    const error = await new Promise((done) => board.once('connect_error', done))
    expect(error).toMatchObject({ data: { message: 'This is no link to a board.' } })
  })
})

describe('a stranger', () => {
  const { hostname, port } = { hostname: '127.0.0.1', port: () => platform.port }

  it('with an endless header is cut', async () => {
    const socket = connect(port(), hostname)
    const closed = new Promise((done) => socket.once('close', done))
    socket.on('error', () => {})
    socket.write('GET /gateway/healthz HTTP/1.1\r\nHost: x\r\n')
    const pump = () => {
      while (!socket.destroyed && socket.write(`X-Pad: ${'x'.repeat(1_000)}\r\n`)) {}
    }
    socket.on('drain', pump)
    pump()
    await closed
  })

  it('with a body over the cap is refused before it is read', async () => {
    const reply = await fetch(`${platform.url}/gateway/enroll`, { method: 'POST', body: 'x'.repeat(200_000) }).catch(
      () => null,
    )
    if (reply) expect(await reply.json()).toMatchObject({ error: { code: 'too_large' } })
  })

  it('that never ends its headers or its body is cut although it keeps dripping', async () => {
    const head = 'POST /gateway/enroll HTTP/1.1\r\nHost: x\r\n'
    await Promise.all(
      [head, `${head}Content-Length: 100\r\n\r\n{`].map(async (begin) => {
        const socket = connect(port(), hostname)
        socket.on('error', () => {})
        const closed = new Promise((done) => socket.once('close', done))
        socket.write(begin)
        const drip = setInterval(() => socket.write('x'), 500)
        await closed
        clearInterval(drip)
      }),
    )
  })

  it('asking for what is not there gets a typed answer', async () => {
    const reply = await new Promise<{ status: number | undefined; text: string }>((done, fail) => {
      httpRequest({ hostname, port: port(), path: '/gateway/../../etc/passwd' }, (response) => {
        let text = ''
        response.on('data', (part) => {
          text += part
        })
        response.on('end', () => done({ status: response.statusCode, text }))
      })
        .on('error', fail)
        .end()
    })
    expect(reply.status).toBe(404)
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'bad_message' } })
  })
})
