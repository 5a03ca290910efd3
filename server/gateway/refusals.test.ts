import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics'
import { createRefusals, type RefusalNote } from './refusals'
import { type About, WireFailure } from './wire-failure'

const about = (id: string): About => ({ workspaceId: 'w1', kind: 'node', id })
const bad = (id: string, code: 'bad_message' | 'replayed' | 'busy' = 'bad_message') =>
  new WireFailure(code, 'no', { about: about(id) })

function refusalsAt(keysMax = 100) {
  const lines: (RefusalNote & { id: string })[] = []
  const said: Record<string, unknown>[] = []
  const clock = { nowMs: 0 }
  const refusals = createRefusals({
    audit: async ({ id }, note) => {
      lines.push({ id, ...note })
    },
    metrics: createMetrics(),
    log: pino({ level: 'warn' }, { write: (line: string) => void said.push(JSON.parse(line)) }),
    nowMs: () => clock.nowMs,
    windowMs: 60_000,
    keysMax,
  })
  return { refusals, lines, said, clock }
}

describe('refusals', () => {
  it('writes the first at once and the number of the rest when the window is over', async () => {
    const { refusals, lines, clock } = refusalsAt()
    for (let turn = 0; turn < 100_000; turn += 1) refusals.note('push', bad('n1'))
    expect(lines).toMatchObject([{ id: 'n1', count: 1 }])
    clock.nowMs = 60_000
    await refusals.flush()
    expect(lines).toMatchObject([{ count: 1 }, { count: 99_999 }])
  })

  it('keeps nodes, doors and codes apart', () => {
    const { refusals, lines } = refusalsAt()
    refusals.note('push', bad('n1'))
    refusals.note('push', bad('n2'))
    refusals.note('connect', bad('n1', 'replayed'))
    refusals.note('upload', bad('n1', 'replayed'))
    expect(lines.map(({ id, door, code }) => [id, door, code])).toEqual([
      ['n1', 'push', 'bad_message'],
      ['n2', 'push', 'bad_message'],
      ['n1', 'connect', 'replayed'],
      ['n1', 'upload', 'replayed'],
    ])
  })

  it('makes no line of what is nobody’s fault', () => {
    const { refusals, lines } = refusalsAt()
    refusals.note('push', bad('n1', 'busy'))
    expect(lines).toEqual([])
  })

  it('says in the log, as seldom, what belongs to no workspace', () => {
    const { refusals, lines, said } = refusalsAt()
    for (let turn = 0; turn < 1_000; turn += 1) {
      refusals.note('enrol', new WireFailure('bad_token', 'no'), `192.0.2.${turn % 250}`)
    }
    expect(lines).toEqual([])
    expect(said).toMatchObject([{ audit: 'enrol.refused', code: 'bad_token', from: '192.0.2.0', count: 1 }])
  })

  it('remembers a bounded number, and still counts what it forgets', async () => {
    const { refusals, lines } = refusalsAt(10)
    for (let node = 0; node < 1_000; node += 1)
      for (let turn = 0; turn < 2; turn += 1) refusals.note('push', bad(`n${node}`))
    expect(lines).toHaveLength(1_990)
    await refusals.flush(true)
    expect(lines).toHaveLength(2_000)
  })
})
