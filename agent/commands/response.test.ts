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
    cutter: { apply: cut, withdraw: vi.fn(async () => undefined) },
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
