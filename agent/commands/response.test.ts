import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import type { PushBody } from '../../wire/messages'
import { incidentBody } from '../link/fixture'
import { createResponse, type OpenIncident, type ResponseParts } from './response'

const reportOf = (body: PushBody) => (body.type === 'incident' ? body.report : null)
const openIncident = (state: 'mitigating' | 'resolved'): OpenIncident => ({
  report: reportOf(incidentBody(7, state))!,
  cuts: [],
  findings: [],
})

/** What a response reaches: the kernel, the disk and the network, as plain records of what was asked of them. */
function standing() {
  const pushed: PushBody[] = []
  const kept: (OpenIncident | null)[] = []
  const cut = vi.fn(async () => undefined)
  let onDisk = (_isWritten: boolean): void => undefined
  const settled = new Promise<boolean>((resolve) => {
    onDisk = resolve
  })
  const parts = {
    cutter: { apply: cut, standBy: vi.fn(async () => undefined), withdraw: vi.fn(async () => undefined) },
    clock: { micros: () => 1_000_000 },
    evidence: { open: vi.fn(), close: vi.fn(async () => Promise.reject(new Error('none was recorded'))) },
    keep: (open: OpenIncident | null) => void kept.push(open),
    link: {
      push: (body: PushBody) => void pushed.push(body),
      uploadBundle: vi.fn(),
      settled: () => settled,
      makeRoom: () => false,
    },
    log: pino({ level: 'silent' }),
    priority: { calmly: (work: () => unknown) => work() },
    ring: { freeze: () => [] },
  } as unknown as ResponseParts
  return { response: createResponse(parts), pushed, kept, cut, onDisk }
}

describe('an incident that ends', () => {
  it('is forgotten only when its end is on disk: a run killed before takes it up and tells it', async () => {
    const { response, kept, onDisk } = standing()
    await response.adopt(openIncident('mitigating'))
    await response.resolve([])
    expect(kept.at(-1)?.report.state).toBe('resolved')
    onDisk(true)
    await vi.waitFor(() => expect(kept.at(-1)).toBeNull())
  })

  it('stays known while the disk refuses its end', async () => {
    const { response, kept, onDisk } = standing()
    await response.adopt(openIncident('mitigating'))
    await response.resolve([])
    onDisk(false)
    await new Promise((resolve) => setImmediate(resolve))
    expect(kept.at(-1)?.report.state).toBe('resolved')
  })

  it('is told again by the next run, which cuts nothing for it', async () => {
    const { response, pushed, kept, cut, onDisk } = standing()
    onDisk(true)
    await response.adopt(openIncident('resolved'))
    expect(pushed.map(reportOf)).toMatchObject([{ state: 'resolved', revision: 7 }])
    expect(cut).not.toHaveBeenCalled()
    expect(response.live).toBeNull()
    expect(kept.at(-1)).toBeNull()
  })
})

describe('another policy in mid-attack', () => {
  const cut = { id: 'c1', vectorId: 'dns_amp', action: 'drop', basis: 'certain', match: { protocol: 'udp' } } as const
  const counting = { ...cut, id: 'c1-count', action: 'count' } as const
  const last = (pushed: PushBody[]) => reportOf(pushed.at(-1)!)!
  const standingWith = async () => {
    const stand = standing()
    await stand.response.adopt({ ...openIncident('mitigating'), cuts: [cut] })
    return stand
  }
  const rules = (pushed: PushBody[]) => last(pushed).rules.map(({ id, removedUs }) => [id, removedUs !== null])

  it('replaces the rules at once, and says of each whether it stands; what only counts is no mitigation', async () => {
    const { response, pushed, cut: apply } = await standingWith()
    await response.recut([counting])
    expect(apply).toHaveBeenLastCalledWith(last(pushed).id, [counting], 'another policy')
    expect(rules(pushed)).toEqual([
      ['c1', true],
      ['c1-count', false],
    ])
    expect(last(pushed).state).toBe('confirmed')
    const drops = { ...cut, id: 'c1-drop' }
    await response.recut([drops])
    expect(rules(pushed)).toEqual([
      ['c1', true],
      ['c1-count', true],
      ['c1-drop', false],
    ])
    expect(last(pushed).state).toBe('mitigating')
  })

  it('touches no kernel while it is quiet; the rules come as it wants them when the attack comes back', async () => {
    const { response, pushed, cut: apply } = await standingWith()
    await response.standBy([])
    apply.mockClear()
    await response.recut([counting])
    expect(apply).not.toHaveBeenCalled()
    await response.rearm()
    expect(apply).toHaveBeenLastCalledWith(last(pushed).id, [counting], 'the attack came back')
    expect(rules(pushed)).toEqual([
      ['c1', true],
      ['c1-count', false],
    ])
    expect(last(pushed).state).toBe('confirmed')
  })
})
