import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { IncidentReport } from '../../wire/incident'
import { parseId } from '../core/ids'
import {
  type AgentSimulator,
  ConnectRefused,
  connectSocket,
  createKey,
  EnrolRefused,
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
let platform: RunningPlatform | null = null
const agents: AgentSimulator[] = []

beforeAll(async () => {
  stand = await openStand()
  workspace = await stand.addWorkspace()
})
afterAll(async () => {
  await stand.close()
})
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await platform?.stop()
  platform = null
})

async function start(roles = 'gateway,engine'): Promise<RunningPlatform> {
  platform = await stand.start(roles)
  return platform
}

let nodes = 0
async function agentIn(where: StandWorkspace, running: RunningPlatform): Promise<AgentSimulator> {
  nodes += 1
  const agent = await startAgent(running.url, await where.mintToken(`match-${nodes}`))
  agents.push(agent)
  return agent
}

const opened = (report: IncidentReport) => incidentBody(report)

describe('what an agent says of its process', () => {
  const health = { startedMs: 1_000, cpuPercent: 0.1, residentBytes: 30_000_000, spooled: 0, disk: 'ok' as const }
  const keptOf = async ({ enrolment }: AgentSimulator) =>
    (await stand.rows('SELECT health, health_at FROM node WHERE id = $1', [parseId('nd', enrolment.nodeId)]))[0]

  it('is kept as it said it last, with the time of the platform', async () => {
    const agent = await agentIn(workspace, await start())
    const beforeMs = Date.now()
    for (const spooled of [3, 2, 1, 0]) agent.socket.emit('health', { ...health, spooled })
    await vi.waitFor(async () => expect((await keptOf(agent))?.health).toEqual(health))
    const kept = await keptOf(agent)
    expect(Number(kept?.health_at)).toBeGreaterThanOrEqual(beforeMs)
  })

  it.each([{ ...health, disk: 'melted' }, { ...health, cpuPercent: -1 }, null])(
    'is not believed when it is %j, and whoever goes on is cut',
    async (claim) => {
      const agent = await agentIn(workspace, await start())
      const cut = new Promise((done) => agent.socket.once('disconnect', done))
      for (let fault = 0; fault < 200; fault++) agent.socket.emit('health', claim as never)
      await cut
      expect((await keptOf(agent))?.health).toBeNull()
    },
  )
})

describe('samples', () => {
  it('stores every second once, however often and in however many batches it is sent', async () => {
    const agent = await agentIn(workspace, await start())
    const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
    const seconds = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => simulatedSample(startMs + (from + index) * 1_000))
    const push = (seq: number, from: number, to: number) =>
      agent.push('samples', seq, { type: 'samples', samples: seconds(from, to) })
    expect(await push(1, 0, 20)).toEqual({ ok: true, lastSeq: 1 })
    expect(await push(1, 0, 20)).toEqual({ ok: true, lastSeq: 1 })
    expect(await push(2, 10, 30)).toEqual({ ok: true, lastSeq: 2 })
    const nodeId = parseId('nd', agent.enrolment.nodeId)
    const rows = await stand.rows('SELECT workspace_id FROM sample_1s WHERE node_id = $1', [nodeId])
    expect(rows.map(({ workspace_id }) => workspace_id)).toEqual(Array(30).fill(workspace.id))
  })

  it('writes into the audit log what a node says of itself, once', async () => {
    const running = await start()
    const agent = await startAgent(running.url, await workspace.mintToken('full'))
    agents.push(agent)
    const notice = { atUs: Date.now() * 1_000, kind: 'disk_full' as const, text: 'The disk is full.' }
    const body = { type: 'notice' as const, notice }
    expect(await agent.push('incidents', 1, body)).toEqual({ ok: true, lastSeq: 1 })
    expect(await agent.push('incidents', 1, body)).toEqual({ ok: true, lastSeq: 1 })
    const audit = await stand.rows("SELECT subject_id, after FROM audit_entry WHERE action = 'node.disk_full'")
    const { kind: _kind, ...after } = notice
    expect(audit).toEqual([{ subject_id: parseId('nd', agent.enrolment.nodeId), after }])
  })

  it('moves on past samples that are too old to keep, and says so', async () => {
    const agent = await agentIn(workspace, await start())
    const ancient = simulatedSample(Date.now() - 50 * 3_600_000)
    expect(await agent.push('samples', 1, { type: 'samples', samples: [ancient] })).toMatchObject({
      ok: false,
      lastSeq: 1,
      error: { code: 'too_old' },
    })
    expect(await agent.push('samples', 2, { type: 'samples', samples: [simulatedSample(Date.now() - 2_000)] })).toEqual(
      { ok: true, lastSeq: 2 },
    )
  })
})

describe('enrolment', () => {
  it('takes a token once', async () => {
    const running = await start()
    const token = await workspace.mintToken('once-01')
    expect(await enrol(running.url, token, createKey())).toMatchObject({ nodeName: 'once-01' })
    await expect(enrol(running.url, token, createKey())).rejects.toThrow(EnrolRefused)
  })

  it('refuses an unknown token and a request not signed by its key', async () => {
    const running = await start()
    const unknown = await enrol(running.url, 'no-such-token', createKey()).catch(
      (error: EnrolRefused) => error.wireError,
    )
    expect(unknown).toMatchObject({ code: 'bad_token' })
    const mixed = { ...createKey(), publicKey: createKey().publicKey }
    const refused = await enrol(running.url, await workspace.mintToken('mixed-01'), mixed).catch(
      (error: EnrolRefused) => error.wireError,
    )
    expect(refused).toMatchObject({ code: 'bad_signature' })
  })

  it('takes a key again that comes with a new token, as after a lost answer or a revocation', async () => {
    const running = await start()
    const key = createKey()
    const first = await enrol(running.url, await workspace.mintToken('same-01'), key)
    await stand.rows('UPDATE node_credential SET revoked_at = now() WHERE public_key = $1', [key.publicKey])
    const second = await enrol(running.url, await workspace.mintToken('same-01'), key)
    expect(second.nodeId).toBe(first.nodeId)
    const socket = await connectSocket(running.url, () => proveIdentity(first.nodeId, key.privateKey, 'connect'))
    socket.close()
  })

  it('cuts and refuses the old key when a node is enrolled again', async () => {
    const running = await start()
    const old = await startAgent(running.url, await workspace.mintToken('again-01'))
    agents.push(old)
    const cut = new Promise((done) => old.socket.once('disconnect', done))
    agents.push(await startAgent(running.url, await workspace.mintToken('again-01')))
    await cut
    await expect(old.reconnect()).rejects.toThrow(ConnectRefused)
  })
})

describe('evidence', () => {
  it('takes a bundle in parts, answers the hash it computed, and marks it uploaded', async () => {
    const running = await start()
    const agent = await agentIn(workspace, running)
    const report = simulatedReport()
    await agent.push('incidents', 1, opened(report))
    const bundle = simulatedBundle(report.id, agent.enrolment.nodeId, agent.key)
    expect(await agent.push('incidents', 2, bundle.body)).toEqual({ ok: true, lastSeq: 2 })

    const path = `/gateway/evidence/${bundle.sha256}`
    const put = (offset: number, body: Buffer) =>
      fetch(`${running.url}${path}`, {
        method: 'PUT',
        headers: { authorization: agent.authorize(`PUT ${path}`), 'upload-offset': String(offset) },
        body: new Uint8Array(body),
      })
    const head = () =>
      fetch(`${running.url}${path}`, { method: 'HEAD', headers: { authorization: agent.authorize(`HEAD ${path}`) } })

    expect((await put(0, bundle.content.subarray(0, 20_000))).status).toBe(202)
    expect((await head()).headers.get('upload-offset')).toBe('20000')
    const done = await put(20_000, bundle.content.subarray(20_000))
    expect(await done.json()).toEqual({ sha256: bundle.sha256, bytes: bundle.content.length })
    const [row] = await stand.rows('SELECT state, stored_path FROM evidence WHERE sha256 = $1', [bundle.sha256])
    expect(row?.state).toBe('uploaded')
    expect(await readFile(`${stand.evidenceDir}/${workspace.id}/${bundle.sha256}`)).toEqual(bundle.content)
  })

  it('takes no bundle that was not announced, nor one of another workspace', async () => {
    const running = await start()
    const foreign = await stand.addWorkspace()
    const agent = await agentIn(workspace, running)
    const other = await agentIn(foreign, running)
    const report = simulatedReport()
    await agent.push('incidents', 1, opened(report))
    const bundle = simulatedBundle(report.id, agent.enrolment.nodeId, agent.key)
    await agent.push('incidents', 2, bundle.body)
    const path = `/gateway/evidence/${bundle.sha256}`
    const reply = await fetch(`${running.url}${path}`, {
      method: 'PUT',
      headers: { authorization: other.authorize(`PUT ${path}`) },
      body: new Uint8Array(bundle.content),
    })
    expect(reply.status).toBe(404)
  })
})
