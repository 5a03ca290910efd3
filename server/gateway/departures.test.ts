import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { AgentIdentity } from './authenticate-agent'
import { createDepartures } from './departures'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const identity = (nodeId: string) => ({ workspaceId: 'w1', nodeId }) as AgentIdentity
const back = new Set<string>()
const open = (mark: (gone: AgentIdentity[]) => Promise<void>) =>
  createDepartures({ mark, isBack: (nodeId) => back.has(nodeId), log: pino({ level: 'silent' }) })

it('a burst of nodes that leave is one write, without those who came back meanwhile', async () => {
  const written: string[][] = []
  const departures = open(async (gone) => void written.push(gone.map(({ nodeId }) => nodeId)))
  for (let node = 0; node < 500; node += 1) departures.left(identity(`n${node}`))
  back.add('n7')
  await vi.runAllTimersAsync()
  expect(written.map((gone) => gone.length)).toEqual([499])
  expect(written[0]).not.toContain('n7')
  departures.left(identity('n1'))
  await vi.runAllTimersAsync()
  expect(written[1]).toEqual(['n1'])
})

it('a gateway that leaves itself marks nobody', async () => {
  const mark = vi.fn(async () => {})
  const departures = open(mark)
  departures.left(identity('n1'))
  departures.stop()
  departures.left(identity('n2'))
  await vi.runAllTimersAsync()
  expect(mark).not.toHaveBeenCalled()
})
