import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AgentSimulator, incidentBody, simulatedReport, startAgent } from '../testing/agent-simulator'
import { openStand, type RunningPlatform, type Stand, type StandWorkspace } from '../testing/gateway-stand'
import { type SmtpSink, startSmtpSink } from '../testing/smtp-sink'

let stand: Stand
let sink: SmtpSink
let workspace: StandWorkspace
let platform: RunningPlatform
let agent: AgentSimulator
let nodes = 0

beforeAll(async () => {
  sink = await startSmtpSink()
  stand = await openStand({ SMTP_URL: `smtp://127.0.0.1:${sink.port}`, MAIL_FROM: 'Alerts <alerts@league.example>' })
  workspace = await stand.addWorkspace()
  await workspace.addDestination({ recipients: ['ann@cup.example'] }, 'email')
})
afterAll(async () => {
  await stand.close()
  await sink.close()
})
beforeEach(async () => {
  platform = await stand.start('gateway,engine')
  nodes += 1
  agent = await startAgent(platform.url, await workspace.mintToken(`match-${nodes}`))
})
afterEach(async () => {
  agent.close()
  await platform.stop()
  sink.fault(null)
  sink.taken.length = 0
  sink.arrived.length = 0
})

const idOf = (at: number) => sink.arrived[at]?.mail.messageId

describe('mail about an incident', () => {
  it('goes out once when it opens and once when it is over, as one thread', async () => {
    const report = simulatedReport()
    await agent.push('incidents', 1, incidentBody(report))
    await vi.waitFor(() => expect(sink.taken).toHaveLength(1), { timeout: 5_000 })
    const over = { ...report, revision: 2, state: 'resolved' as const }
    await agent.push('incidents', 2, incidentBody(over, 'resolved'))
    await vi.waitFor(async () => {
      const open = await stand.rows("SELECT 1 FROM outgoing_message WHERE state <> 'sent'")
      expect(open).toHaveLength(0)
    })
    expect(sink.arrived).toHaveLength(2)
    expect(sink.arrived[1]?.mail.inReplyTo).toBe(idOf(0))
    expect(sink.arrived[0]?.mail.text).toContain(`UDP flood, one fingerprint against match-${nodes}`)
    const [row] = await stand.rows('SELECT reply_code, error FROM delivery ORDER BY at LIMIT 1')
    expect(row).toEqual({ reply_code: 250, error: null })
  })

  it('goes out again, marked and with the same id, after a kill between content and answer', async () => {
    sink.fault({ hold: new Promise(() => {}) })
    const report = simulatedReport()
    await agent.push('incidents', 1, incidentBody(report))
    await vi.waitFor(() => expect(sink.arrived).toHaveLength(1), { timeout: 5_000 })
    await platform.kill()
    sink.fault(null)
    await stand.rows('UPDATE outgoing_message SET locked_until = now() WHERE incident_id = $1 RETURNING 1', [report.id])
    platform = await stand.start('gateway,engine')
    await vi.waitFor(() => expect(sink.taken).toHaveLength(1), { timeout: 5_000 })
    expect(idOf(1)).toBe(idOf(0))
    expect(sink.arrived.map(({ mail }) => mail.text?.includes('may be a repeat'))).toEqual([false, true])
  })
})

describe('settings of destinations', () => {
  it('are sealed by the next start when they lie in clear', async () => {
    const [row] = await stand.rows('SELECT settings::text AS kept FROM destination')
    expect(row?.kept).toContain('sealed')
    expect(row?.kept).not.toContain('ann@cup.example')
  })
})
