import { describe, expect, it } from 'vitest'
import { effectOf, type Facts, VERDICT_WORDS, type Verdict } from './feedback-effect'

const facts = (part: Partial<Facts> = {}): Facts => ({
  score: 0.83,
  rules: [],
  seconds: [],
  startedMs: 0,
  endedMs: 3_000,
  usualPpsHigh: 580,
  ...part,
})

describe('what feedback says of its effect', () => {
  it.each(Object.keys(VERDICT_WORDS) as Verdict[])('is honest that “%s” changes nothing by itself', (verdict) => {
    expect(effectOf(verdict, facts())[0]).toContain('changes no rule, no policy, no name and no baseline')
  })

  it('tells dropped from held back, by what the rules counted', () => {
    const rules = [
      { action: 'drop', packets: 2_000_000 },
      { action: 'limit', packets: 500 },
      { action: 'count', packets: 7 },
    ] as const
    const said = effectOf('audience', facts({ rules: [...rules] })).join(' ')
    expect(said).toContain('2.0 million packets were dropped as certain')
    expect(said).toContain('500 were held back as doubtful')
  })

  it('counts the seconds that the baseline left out, and only those of the incident', () => {
    const seconds = [0, 1_000, 2_000, 3_000, 4_000].map((atMs) => ({ atMs, wire: { pps: atMs } }))
    const said = effectOf('audience', facts({ seconds })).at(-1)
    expect(said).toContain('3 s of this incident, half of them at 2.00 kpps or more')
    expect(said).toContain('up to 580 pps')
  })
})
