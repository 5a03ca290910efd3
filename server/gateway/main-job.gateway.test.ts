import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { IncidentReport } from '../../wire/incident'
import { formatId, parseId } from '../core/ids'
import {
  type AgentSimulator,
  incidentBody,
  simulatedReport,
  simulatedSample,
  startAgent,
} from '../testing/agent-simulator'
import { openStand, type RunningPlatform, type Stand, type StandWorkspace } from '../testing/gateway-stand'
import { startWebhookSink, type WebhookSink } from '../testing/webhook-sink'

const secret = `whsec_${randomBytes(32).toString('base64')}`

let stand: Stand
let sink: WebhookSink
let workspace: StandWorkspace
let platform: RunningPlatform | null = null
const agents: AgentSimulator[] = []

beforeAll(async () => {
  stand = await openStand()
  sink = await startWebhookSink(secret)
  workspace = await stand.addWorkspace()
  await workspace.addDestination({ url: sink.url, secret })
})
afterAll(async () => {
  await sink.close()
  await stand.close()
})
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await platform?.stop()
  platform = null
  sink.answer((response) => response.end('ok'))
  sink.received.length = 0
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
const later = (report: IncidentReport, part: Partial<IncidentReport>): IncidentReport => ({
  ...report,
  revision: report.revision + 1,
  ...part,
})

const messagesOf = (incidentId: string) =>
  sink.received.filter(({ data }) => data.incidentId === formatId('inc', incidentId))

describe('main job through the gateway', () => {
  it('stores a pushed incident with its timeline and message, and sends one signed request', async () => {
    const running = await start()
    const agent = await agentIn(workspace, running)
    const report = simulatedReport()
    expect(await agent.push('incidents', 1, opened(report))).toEqual({ ok: true, lastSeq: 1 })

    const [incident] = await stand.rows('SELECT * FROM incident WHERE id = $1', [report.id])
    expect(incident).toMatchObject({ state: 'mitigating', revision: 1, workspace_id: workspace.id })
    const timeline = await stand.rows('SELECT kind FROM incident_timeline WHERE incident_id = $1', [report.id])
    expect(timeline.map(({ kind }) => kind)).toContain('opened')
    await vi.waitFor(() => expect(messagesOf(report.id)).toHaveLength(1))
    expect(messagesOf(report.id)[0]).toMatchObject({ type: 'incident.opened', mayBeRepeat: false })
    await vi.waitFor(async () => {
      const [alerted] = await stand.rows('SELECT first_alert_at FROM incident WHERE id = $1', [report.id])
      expect(alerted?.first_alert_at).not.toBeNull()
    })
  })

  it('gives a repeated push no effect and acknowledges it', async () => {
    const agent = await agentIn(workspace, await start())
    const report = simulatedReport()
    await agent.push('incidents', 1, opened(report))
    expect(await agent.push('incidents', 1, opened(report))).toEqual({ ok: true, lastSeq: 1 })
    await agent.reconnect()
    expect(agent.welcome.cursors).toEqual({ incidents: 1, samples: 0 })
    expect(await agent.push('incidents', 1, opened(report))).toEqual({ ok: true, lastSeq: 1 })
    const messages = await stand.rows('SELECT id FROM outgoing_message WHERE incident_id = $1', [report.id])
    const timeline = await stand.rows('SELECT id FROM incident_timeline WHERE incident_id = $1', [report.id])
    expect([messages.length, timeline.length]).toEqual([1, 1])
  })

  it('refuses a gap with the number to go on from, and the same number with other content', async () => {
    const agent = await agentIn(workspace, await start())
    await agent.push('incidents', 1, opened(simulatedReport()))
    expect(await agent.push('incidents', 3, opened(simulatedReport()))).toMatchObject({
      ok: false,
      lastSeq: 1,
      error: { code: 'sequence_gap' },
    })
    expect(await agent.push('incidents', 1, opened(simulatedReport()))).toMatchObject({
      ok: false,
      lastSeq: 1,
      error: { code: 'sequence_conflict' },
    })
    await vi.waitFor(async () => {
      const audit = await stand.rows(
        "SELECT 1 FROM audit_entry WHERE workspace_id = $1 AND action = 'push.refused' AND after ->> 'code' = 'sequence_conflict'",
        [workspace.id],
      )
      expect(audit).toHaveLength(1)
    })
  })

  it('tells the end once, after the beginning', async () => {
    const agent = await agentIn(workspace, await start())
    const report = simulatedReport()
    const over = later(report, {
      state: 'resolved',
      stages: {
        ...report.stages,
        endingUs: report.stages.detectedUs + 1e6,
        resolvedUs: report.stages.detectedUs + 2e6,
      },
    })
    await agent.push('incidents', 1, opened(report))
    await agent.push('incidents', 2, incidentBody(over, 'resolved'))
    await vi.waitFor(() =>
      expect(messagesOf(report.id).map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved']),
    )
    const [incident] = await stand.rows('SELECT state, resolved_at FROM incident WHERE id = $1', [report.id])
    expect(incident).toMatchObject({ state: 'resolved', resolved_at: expect.any(Date) })
  })

  it('keeps a finished incident finished when an older report arrives afterwards', async () => {
    const agent = await agentIn(workspace, await start())
    const report = simulatedReport({ revision: 5, state: 'resolved' })
    await agent.push('incidents', 1, incidentBody(report, 'resolved'))
    await agent.push('incidents', 2, opened({ ...report, revision: 4, state: 'mitigating' }))
    const [incident] = await stand.rows('SELECT state, revision FROM incident WHERE id = $1', [report.id])
    expect(incident).toEqual({ state: 'resolved', revision: 5 })
  })
})

describe('promises when things break', () => {
  it('sends once, unmarked, after a restart when it was killed between storing and sending', async () => {
    const first = await start('gateway')
    const agent = await agentIn(workspace, first)
    const report = simulatedReport()
    await agent.push('incidents', 1, opened(report))
    await first.kill()
    expect(messagesOf(report.id)).toHaveLength(0)
    await start()
    await vi.waitFor(() => expect(messagesOf(report.id)).toHaveLength(1), { timeout: 5_000 })
    expect(messagesOf(report.id)[0]?.mayBeRepeat).toBe(false)
  })

  it('sends again with the same id and marked when it was killed while a request had no answer', async () => {
    sink.answer(null)
    const first = await start()
    const agent = await agentIn(workspace, first)
    const report = simulatedReport()
    await agent.push('incidents', 1, opened(report))
    await vi.waitFor(() => expect(messagesOf(report.id)).toHaveLength(1))
    await first.kill()
    sink.answer((response) => response.end('ok'))
    await stand.rows('UPDATE outgoing_message SET locked_until = now() WHERE incident_id = $1 RETURNING 1', [report.id])
    await start()
    await vi.waitFor(() => expect(messagesOf(report.id)).toHaveLength(2), { timeout: 5_000 })
    const [before, after] = messagesOf(report.id)
    expect(after).toMatchObject({ id: before?.id, mayBeRepeat: true })
  })

  it('loses nothing when it is killed and comes back: the node goes on where the cursor stands', async () => {
    const first = await start()
    const agent = await agentIn(workspace, first)
    await agent.push('samples', 1, { type: 'samples', samples: [simulatedSample(Date.now() - 5_000)] })
    await first.kill()
    await expect(agent.reconnect()).rejects.toThrow()
    const second = await stand.start('gateway,engine', first.port)
    platform = second
    await agent.reconnect()
    expect(agent.welcome.cursors.samples).toBe(1)
    const report = simulatedReport()
    expect(await agent.push('incidents', 1, opened(report))).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(messagesOf(report.id)).toHaveLength(1))
  })

  it('calls a node offline that a killed gateway left online', async () => {
    const first = await start()
    const agent = await agentIn(workspace, first)
    const nodeId = parseId('nd', agent.enrolment.nodeId)
    const stateOf = async () => (await stand.rows('SELECT state FROM node WHERE id = $1', [nodeId]))[0]?.state
    await first.kill()
    expect(await stateOf()).toBe('online')
    await stand.rows("UPDATE node SET last_seen_at = now() - interval '31 s' WHERE id = $1 RETURNING 1", [nodeId])
    await start()
    await vi.waitFor(async () => expect(await stateOf()).toBe('offline'), { timeout: 10_000 })
  })

  it('repeats a failed request after its wait, in the same order, and records each attempt', async () => {
    let failures = 1
    sink.answer((response) => {
      failures -= 1
      response.writeHead(failures >= 0 ? 500 : 200).end()
    })
    const agent = await agentIn(workspace, await start())
    const report = simulatedReport()
    await agent.push('incidents', 1, opened(report))
    await agent.push('incidents', 2, incidentBody(later(report, { state: 'resolved' }), 'resolved'))
    await vi.waitFor(async () => {
      const [failed] = await stand.rows("SELECT 1 FROM delivery WHERE outcome <> 'delivered' AND reply_code = 500")
      expect(failed).toBeDefined()
    })
    expect(messagesOf(report.id).map(({ type }) => type)).toEqual(['incident.opened'])
    await stand.rows('UPDATE outgoing_message SET next_attempt_at = now() WHERE incident_id = $1 RETURNING 1', [
      report.id,
    ])
    await vi.waitFor(
      () =>
        expect(messagesOf(report.id).map(({ type }) => type)).toEqual([
          'incident.opened',
          'incident.opened',
          'incident.resolved',
        ]),
      { timeout: 5_000 },
    )
  })

  it('sends each message once with two engines on one database', async () => {
    const agent = await agentIn(workspace, await start())
    const second = await stand.start('engine')
    const reports = Array.from({ length: 12 }, () => simulatedReport())
    for (const [index, report] of reports.entries()) await agent.push('incidents', index + 1, opened(report))
    await vi.waitFor(() => expect(sink.received.length).toBeGreaterThanOrEqual(12))
    await vi.waitFor(async () => {
      const waiting = await stand.rows("SELECT 1 FROM outgoing_message WHERE state <> 'sent'")
      expect(waiting).toHaveLength(0)
    })
    expect(sink.received).toHaveLength(12)
    await second.stop()
  })
})

describe('tenant walls', () => {
  it("does not let a node report into another workspace's incident", async () => {
    const running = await start()
    const beta = await stand.addWorkspace()
    const own = await agentIn(workspace, running)
    const foreign = await agentIn(beta, running)
    const report = simulatedReport()
    await own.push('incidents', 1, opened(report))
    await foreign.push('incidents', 1, incidentBody(later(report, { state: 'resolved' }), 'resolved'))
    const [incident] = await stand.rows('SELECT state, revision FROM incident WHERE id = $1 AND workspace_id = $2', [
      report.id,
      workspace.id,
    ])
    expect(incident).toEqual({ state: 'mitigating', revision: 1 })
  })
})
