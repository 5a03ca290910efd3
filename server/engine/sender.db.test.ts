import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../core/clock'
import { createOutbox } from '../db/outbox'
import type { Channel, IncidentNotice, SendResult } from '../notify/channel'
import { createRegistry } from '../notify/registry'
import { openIncident } from '../services/incidents/open'
import { incidentBody, simulatedReport } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { createSender } from './sender'

let db: TestDatabase
let workspace: TestWorkspace
let node: Awaited<ReturnType<TestWorkspace['addNode']>>
let sent: { destination: string; type: string; incidentId: string }[]
const delivered: SendResult = {
  outcome: 'delivered',
  replyCode: 200,
  mayHaveArrived: false,
  reached: [],
  detail: '',
  retryAfterMs: null,
  startedUs: 1,
  finishedUs: 2,
}

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  sent = []
  workspace = await createWorkspace(db)
  node = await workspace.addNode('match-01')
})

/** A channel whose destination `name` may be held: its requests then wait for `release`. */
function channelHolding(held: Promise<void>): Channel<{ name: string }, string> {
  return {
    id: 'webhook',
    name: 'Test',
    settings: z.object({ name: z.string() }),
    render: (notice) => JSON.stringify(notice),
    send: async ({ settings, body }) => {
      const { type, incidentId } = JSON.parse(body) as IncidentNotice
      sent.push({ destination: settings.name, type, incidentId })
      if (settings.name === 'hanging') await held
      return delivered
    },
    close: async () => {},
  }
}

function startEngine(worker: string, held: Promise<void> = Promise.resolve(), inFlightMax = 16) {
  const sender = createSender({
    queue: createOutbox<IncidentNotice>({ db: db.engine, clock: systemClock, worker, leaseMs: 20_000 }),
    channels: createRegistry([channelHolding(held) as Channel]),
    openSettings: ({ settings }) => settings,
    nowUs: systemClock.micros,
    random: () => 0,
    log: pino({ level: 'silent' }),
    onAttempt: () => {},
    sweepMs: 50,
    inFlightMax,
  })
  sender.start()
  return sender
}

async function openIncidents(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const body = incidentBody(simulatedReport())
    if (body.type !== 'incident') throw new Error('an incident was asked for')
    await openIncident({ ctx: node.ctx, input: { nodeId: node.id, event: body.event, report: body.report } })
  }
}

const unsent = () =>
  db.sql("SELECT 1 FROM outgoing_message WHERE workspace_id = $1 AND state <> 'sent'", [workspace.id])

describe('sender on the outbox', () => {
  it("delivers another destination's first alert next although one hangs with many queued", async () => {
    let release = (): void => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    await workspace.addDestination({ name: 'hanging' })
    await openIncidents(40)
    const sender = startEngine('w1', held)
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(0))
    await workspace.addDestination({ name: 'quiet' })
    await openIncidents(1)
    await vi.waitFor(() => expect(sent.some(({ destination }) => destination === 'quiet')).toBe(true))
    expect(sent.filter(({ destination }) => destination === 'hanging').length).toBeLessThanOrEqual(8)
    release()
    await vi.waitFor(async () => expect(await unsent()).toHaveLength(0), { timeout: 10_000 })
    await sender.stop()
  })

  it('sends each message once with three engines at work', async () => {
    await workspace.addDestination({ name: 'a' })
    await workspace.addDestination({ name: 'b' })
    const engines = ['w1', 'w2', 'w3'].map((worker) => startEngine(worker))
    await openIncidents(25)
    await vi.waitFor(async () => expect(await unsent()).toHaveLength(0), { timeout: 10_000 })
    await Promise.all(engines.map((engine) => engine.stop()))
    const keys = sent.map(({ destination, incidentId }) => `${destination} ${incidentId}`)
    expect(keys).toHaveLength(50)
    expect(new Set(keys).size).toBe(50)
  })
})
