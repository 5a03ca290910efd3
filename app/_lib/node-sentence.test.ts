import { expect, test } from 'vitest'
import { simulatedSample } from '../../server/testing/agent-simulator'
import { nodeSentence } from './node-sentence'
import { worstCaseMs } from './worst-case'

type Told = Parameters<typeof nodeSentence>[0]

const OPEN = {
  state: 'mitigating',
  vectors: [{ id: 'dns_amp', confidence: 1, share: 1 }],
  node: { id: 'nd_1', name: 'match-03' },
  ruleInKernelMs: 5,
  endedMs: null,
} as unknown as Told['incidents'][number]

const told = (part: Partial<Told>): string =>
  nodeSentence({
    name: 'match-03',
    state: 'clean',
    why: null,
    isArchived: false,
    isEnrolled: true,
    latest: simulatedSample(1_000, 900),
    incidents: [],
    ...part,
  })

test('each state is said with what matters in it', () => {
  expect(told({})).toBe('match-03 is fine. 900 pps arrive, 1.1× usual.')
  expect(told({ latest: null })).toBe('match-03 is fine. No figures of the last half minute are here yet.')
  expect(told({ state: 'attack', incidents: [OPEN] })).toBe('DNS reflection against match-03. It is being dropped.')
  expect(told({ state: 'impaired', why: 'players lost 1.2 % of their packets', incidents: [OPEN] })).toBe(
    'DNS reflection against match-03. Players lost 1.2 % of their packets.',
  )
  expect(told({ state: 'surge' })).toBe(
    'More players than usual on match-03. 900 pps arrive, 1.1× usual. Nothing is dropped.',
  )
  expect(told({ isEnrolled: false })).toBe('match-03 is not enrolled yet.')
})

test('the worst case is burst over flood less tripwire, and there is none for a flood that stays below', () => {
  expect(worstCaseMs({ floodPps: 100_000, tripwirePps: 2_000, burst: 200 })).toBeCloseTo(2.04, 2)
  expect(worstCaseMs({ floodPps: 2_000, tripwirePps: 2_000, burst: 200 })).toBeNull()
})
