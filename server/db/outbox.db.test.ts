import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentReport } from '../../wire/incident'
import { listDeliveries } from '../services/deliveries/list'
import { getIncident } from '../services/incidents/get'
import { recordIncident } from '../services/incidents/record'
import { simulatedReport } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { createFakeClock, type FakeClock } from '../testing/fake-clock'
import { createOutbox, type Outbox, type OutboxAttempt } from './outbox'

type Notice = { type: string }

let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace
let node: Awaited<ReturnType<TestWorkspace['addNode']>>
let outbox: Outbox<Notice>
let rival: Outbox<Notice>

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.sql("UPDATE outgoing_message SET state = 'dead'")
  clock = createFakeClock()
  workspace = await createWorkspace(db, clock)
  node = await workspace.addNode('match-01')
  await workspace.addDestination({ url: 'http://192.0.2.1/' })
  outbox = createOutbox({ db: db.engine, clock, worker: 'a', leaseMs: 10_000 })
  rival = createOutbox({ db: db.engine, clock, worker: 'b', leaseMs: 10_000 })
})

async function tell(report: IncidentReport, kind: 'opened' | 'resolved' = 'opened'): Promise<void> {
  const event = { atUs: report.stages.detectedUs, kind, text: kind }
  await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
}

const over = (report: IncidentReport): IncidentReport => ({ ...report, revision: 2, state: 'resolved' })

type Claimed = Awaited<ReturnType<typeof outbox.claim>>[number]

const attempt = (message: Claimed, next: OutboxAttempt['next'], part: Partial<OutboxAttempt['result']> = {}) => ({
  message,
  attempt: message.attempts + 1,
  next,
  result: {
    outcome: next.kind === 'sent' ? 'delivered' : 'retry',
    replyCode: next.kind === 'sent' ? 200 : 500,
    mayHaveArrived: false,
    reached: [],
    detail: 'answer',
    startedUs: clock.micros() + 7,
    finishedUs: clock.micros() + 2_007,
    ...part,
  },
})

const SENT = { kind: 'sent' } as const

describe('outbox', () => {
  it('gives a message to one engine alone while its lease lasts', async () => {
    await tell(simulatedReport())
    const claims = await Promise.all([outbox.claim(10), rival.claim(10), outbox.claim(10), rival.claim(10)])
    expect(claims.flat()).toHaveLength(1)
    expect(claims.flat()[0]).toMatchObject({ attempts: 0, mayBeRepeat: false, channel: 'webhook' })
  })

  it('gives a message again after its engine died, marked as a possible repeat', async () => {
    await tell(simulatedReport())
    await outbox.claim(10)
    clock.advance(9_000)
    expect(await rival.claim(10)).toEqual([])
    clock.advance(2_000)
    expect(await rival.claim(10)).toMatchObject([{ attempts: 1, mayBeRepeat: true }])
  })

  it('keeps the end of an incident back until its beginning is sent, for each destination by itself', async () => {
    await workspace.addDestination({ url: 'http://192.0.2.2/' })
    const report = simulatedReport()
    await tell(report)
    await tell(over(report), 'resolved')
    const first = await outbox.claim(10)
    expect(first.map(({ notice }) => notice.type)).toEqual(['incident.opened', 'incident.opened'])
    await outbox.record(attempt(first[0]!, SENT))
    const second = await outbox.claim(10)
    expect(second.map(({ notice, destinationId }) => [notice.type, destinationId])).toEqual([
      ['incident.resolved', first[0]?.destinationId],
    ])
  })

  it('waits as long as it was told before the next attempt, then keeps the log of both', async () => {
    const report = simulatedReport()
    await tell(report)
    const [message] = await outbox.claim(10)
    await outbox.record(attempt(message!, { kind: 'retry', waitMs: 5_000 }))
    clock.advance(4_999)
    expect(await outbox.claim(10)).toEqual([])
    clock.advance(1)
    const [again] = await outbox.claim(10)
    expect(again).toMatchObject({ attempts: 1, mayBeRepeat: false })
    await outbox.record(attempt(again!, SENT))
    const log = await listDeliveries({ ctx: await workspace.as('analyst'), input: { incidentId: report.id } })
    expect(log).toMatchObject([
      {
        state: 'sent',
        attempts: [
          { replyCode: 500, error: 'answer' },
          { replyCode: 200, latencyMs: 2 },
        ],
      },
    ])
  })

  it('marks a retry as a possible repeat when the request left and no answer came', async () => {
    await tell(simulatedReport())
    const [message] = await outbox.claim(10)
    await outbox.record(attempt(message!, { kind: 'retry', waitMs: 0 }, { mayHaveArrived: true }))
    expect(await outbox.claim(10)).toMatchObject([{ mayBeRepeat: true }])
  })

  it('remembers over attempts whom of several recipients it reached', async () => {
    await tell(simulatedReport())
    const retry = { kind: 'retry', waitMs: 0 } as const
    const [first] = await outbox.claim(10)
    expect(first?.reached).toEqual([])
    await outbox.record(attempt(first!, retry, { reached: ['ann@league.example'] }))
    const [second] = await outbox.claim(10)
    await outbox.record(attempt(second!, retry, { reached: ['bob@league.example'] }))
    expect(await outbox.claim(10)).toMatchObject([{ reached: ['ann@league.example', 'bob@league.example'] }])
  })

  it('notes when the first alert went out, to the microsecond', async () => {
    const report = simulatedReport()
    await tell(report)
    const [message] = await outbox.claim(10)
    const startedUs = clock.micros() + 7
    await outbox.record(attempt(message!, SENT))
    const incident = await getIncident({ ctx: await workspace.as('analyst'), input: { id: report.id } })
    expect(incident.firstAlertUs).toBe(startedUs)
  })

  it('lets an engine that lost its lease change nothing but the log', async () => {
    await tell(simulatedReport())
    const [message] = await outbox.claim(10)
    clock.advance(11_000)
    const [taken] = await rival.claim(10)
    await outbox.record(attempt(message!, { kind: 'failed', disablesDestination: true }))
    await rival.record(attempt(taken!, SENT))
    const [row] = await db.sql('SELECT state FROM outgoing_message WHERE id = $1', [message?.messageId])
    expect(row).toEqual({ state: 'sent' })
  })

  it('records an answer that came while the database was away, once: the alert is not repeated for that', async () => {
    await tell(simulatedReport())
    const [message] = await outbox.claim(10)
    let failures = 3
    const flaky = Object.create(db.engine.pool, {
      query: {
        value: async (text: string, values: unknown[]) => {
          // The last failure stands for a commit whose answer was lost: the row is there already.
          if (failures <= 1) await db.engine.pool.query(text, values)
          failures -= 1
          if (failures >= 0) throw Object.assign(new Error('terminating connection'), { code: '57P01' })
        },
      },
    }) as typeof db.engine.pool
    const cut = createOutbox({ db: { ...db.engine, pool: flaky }, clock, worker: 'a', leaseMs: 10_000 })
    await cut.record(attempt(message!, SENT))
    const deliveries = await db.sql('SELECT 1 FROM delivery WHERE message_id = $1', [message?.messageId])
    const [row] = await db.sql('SELECT state FROM outgoing_message WHERE id = $1', [message?.messageId])
    expect([deliveries.length, row?.state]).toEqual([1, 'sent'])
  })

  it('switches a destination off when it is gone for good, and sends it nothing new', async () => {
    await tell(simulatedReport())
    const [message] = await outbox.claim(10)
    await outbox.record(attempt(message!, { kind: 'failed', disablesDestination: true }))
    await tell(simulatedReport())
    expect(await outbox.claim(10)).toEqual([])
  })
})
