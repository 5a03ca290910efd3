import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Push, PushAck, PushBody } from '../../wire/messages'
import { createLane, type Lane, type LaneOptions } from './lane'
import { openSpool, type Spool } from './spool'

const log = pino({ level: 'silent' })
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lane-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

// Bodies are told apart by a number; their other fields do not matter to a lane.
const incident = (n: number) => ({ type: 'surge', surge: { id: String(n) } }) as unknown as PushBody
const sample = (n: number) => ({ type: 'samples', samples: [{ atMs: Date.now(), n }] }) as unknown as PushBody
const numbersOf = (body: PushBody): number[] =>
  body.type === 'samples'
    ? body.samples.map((one) => (one as unknown as { n: number }).n)
    : [Number((body as { surge: { id: string } }).surge.id)]

/** Keeps what the wire contract promises, and nothing else: order, no repeats, no gaps. */
class Gateway {
  lastSeq = 0
  readonly hashes: string[] = []
  readonly stored: number[] = []
  readonly refusals: string[] = []
  unclearSeq = 3
  onUnclear = (): void => undefined

  take({ seq, body }: Push): PushAck {
    const hash = JSON.stringify(body)
    if (seq <= this.lastSeq) {
      if (this.hashes[seq - 1] === hash) return { ok: true, lastSeq: this.lastSeq }
      return this.refuse('sequence_conflict')
    }
    if (seq > this.lastSeq + 1) return this.refuse('sequence_gap')
    this.lastSeq = seq
    this.hashes.push(hash)
    this.stored.push(...numbersOf(body))
    // Stored, but the answer says otherwise: the repeat must be the same to the letter.
    if (seq === this.unclearSeq) {
      this.onUnclear()
      return { ok: false, error: { code: 'internal', message: 'try again', retryAfterMs: 1 } }
    }
    return { ok: true, lastSeq: seq }
  }

  private refuse(code: 'sequence_conflict' | 'sequence_gap'): PushAck {
    this.refusals.push(code)
    return { ok: false, error: { code, message: code }, lastSeq: this.lastSeq }
  }
}

type Kind = 'incidents' | 'samples'

/** One run of an agent on a directory; a crash abandons it and the next run starts on a copy of its files. */
class Run {
  private constructor(
    readonly directory: string,
    readonly lane: Lane,
    readonly spool: Spool,
    private readonly wire: { isUp: boolean; generation: number },
    private readonly gateway: Gateway,
  ) {}

  static async start(kind: Kind, directory: string, gateway: Gateway): Promise<Run> {
    const spool = await openSpool({ directory, name: kind, bytesMax: null, memoryMax: 1e6, sync: false, log })
    const wire = { isUp: false, generation: 0 }
    const transmit: LaneOptions['transmit'] = (push, answered) => {
      if (!wire.isUp) return
      const { generation } = wire
      // Two steps: a connection may break before the gateway has the message, or before its answer is back.
      setImmediate(() => {
        if (wire.generation !== generation) return
        const ack = gateway.take(push)
        setImmediate(() => {
          if (wire.generation === generation) answered(ack)
        })
      })
    }
    const window = kind === 'incidents' ? 4 : 1
    const recordsPerPush = kind === 'incidents' ? 1 : 5
    const lane = createLane({
      name: kind,
      spool,
      log,
      window,
      recordsPerPush,
      isDue: () => true,
      transmit,
      onIdle: () => undefined,
    })
    return new Run(directory, lane, spool, wire, gateway)
  }

  async connect(): Promise<void> {
    if (this.wire.isUp) return
    this.wire.isUp = true
    await this.lane.begin(this.gateway.lastSeq)
  }

  disconnect(): void {
    this.wire.isUp = false
    this.wire.generation += 1
    this.lane.end()
  }
}

const step = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Lets disk and wire get about as far as one message needs. */
async function work(run: Run): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await run.spool.settled()
    await step()
  }
}

const anyAction = fc.oneof(
  { weight: 4, arbitrary: fc.constant('work' as const) },
  { weight: 6, arbitrary: fc.constant('push' as const) },
  { weight: 4, arbitrary: fc.constant('step' as const) },
  { weight: 2, arbitrary: fc.constant('connect' as const) },
  { weight: 1, arbitrary: fc.constant('disconnect' as const) },
  { weight: 1, arbitrary: fc.constant('settle and crash' as const) },
)

describe.each<Kind>(['incidents', 'samples'])('lane of %s', (kind) => {
  const body = kind === 'incidents' ? incident : sample

  it('stores everything once and in order, whatever breaks when', { timeout: 60_000 }, async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { maxLength: 60 }), async (actions) => {
        const base = join(root, `run-${runs++}`)
        const gateway = new Gateway()
        let crashes = 0
        let pushed = 0
        let run = await Run.start(kind, join(base, '0'), gateway)
        for (const action of actions) {
          if (action === 'push') run.lane.push(body(pushed++))
          else if (action === 'step') await step()
          else if (action === 'work') await work(run)
          else if (action === 'connect') await run.connect()
          else if (action === 'disconnect') run.disconnect()
          else {
            await run.spool.settled()
            crashes += 1
            cpSync(run.directory, join(base, String(crashes)), { recursive: true })
            run.disconnect()
            void run.spool.close()
            run = await Run.start(kind, join(base, String(crashes)), gateway)
          }
        }
        await run.connect()
        await vi.waitFor(() => expect(run.lane.pending).toBe(0), { timeout: 5_000, interval: 1 })
        expect(gateway.stored).toEqual(Array.from({ length: pushed }, (_, n) => n))
        expect(gateway.refusals).toEqual([])
        await run.lane.close()
      }),
      { numRuns: 150 },
    )
  })

  it('never repeats or reorders after a crash that lost the latest writes', { timeout: 60_000 }, async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { maxLength: 40 }), async (actions) => {
        const base = join(root, `torn-${runs++}`)
        const gateway = new Gateway()
        let crashes = 0
        let pushed = 0
        let run = await Run.start(kind, join(base, '0'), gateway)
        for (const action of actions) {
          if (action === 'push') run.lane.push(body(pushed++))
          else if (action === 'step') await step()
          else if (action === 'work') await work(run)
          else if (action === 'connect') await run.connect()
          else if (action === 'disconnect') run.disconnect()
          else {
            crashes += 1
            cpSync(run.directory, join(base, String(crashes)), {
              recursive: true,
              filter: (path) => !path.endsWith('.new'),
            })
            run.disconnect()
            void run.spool.close()
            run = await Run.start(kind, join(base, String(crashes)), gateway)
          }
        }
        await run.connect()
        await vi.waitFor(() => expect(run.lane.pending).toBe(0), { timeout: 5_000, interval: 1 })
        const sorted = [...new Set(gateway.stored)].sort((a, b) => a - b)
        expect(gateway.stored).toEqual(sorted)
        await run.lane.close()
      }),
      { numRuns: 150 },
    )
  })

  it('repeats a message to the letter after an unclear answer, though more has come since', async () => {
    const gateway = new Gateway()
    gateway.unclearSeq = 1
    const run = await Run.start(kind, join(root, 'unclear'), gateway)
    await run.connect()
    gateway.onUnclear = () => {
      for (let n = 1; n < 4; n++) run.lane.push(body(n))
    }
    run.lane.push(body(0))
    await vi.waitFor(() => expect(gateway.lastSeq).toBeGreaterThan(0))
    await vi.waitFor(() => expect(run.lane.pending).toBe(0))
    expect(gateway.refusals.filter((code) => code === 'sequence_conflict')).toEqual([])
    expect(gateway.stored).toEqual([0, 1, 2, 3])
    await run.lane.close()
  })

  it('takes up the gateway’s count when that went back or ran ahead', async () => {
    const gateway = new Gateway()
    const run = await Run.start(kind, join(root, 'count'), gateway)
    await run.connect()
    for (let n = 0; n < 3; n++) run.lane.push(body(n))
    await vi.waitFor(() => expect(run.lane.pending).toBe(0))
    run.disconnect()
    gateway.lastSeq = 40
    gateway.hashes.length = 40
    run.lane.push(body(3))
    await run.connect()
    await vi.waitFor(() => expect(run.lane.pending).toBe(0))
    run.disconnect()
    gateway.lastSeq = 1
    gateway.hashes.length = 1
    run.lane.push(body(4))
    await run.connect()
    await vi.waitFor(() => expect(run.lane.pending).toBe(0))
    expect(gateway.stored).toEqual([0, 1, 2, 3, 4])
    await run.lane.close()
  })
})
