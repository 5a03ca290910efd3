import { describe, expect, it } from 'vitest'
import { isOther, outcomeOf, type PastRule } from './outcome'
import { BUILT_IN, type PolicySettings } from './settings'

const rule = (part: Partial<PastRule>): PastRule => ({
  vectorId: 'dns_amp',
  action: 'drop',
  basis: 'certain',
  packets: 10_000,
  seconds: 10,
  ...part,
})
const draft = (part: Partial<PolicySettings>): PolicySettings => ({ ...BUILT_IN, ...part })

describe('what a draft would have dropped', () => {
  it('the same, where it does the same', () => {
    const same = outcomeOf(rule({}), BUILT_IN, BUILT_IN)
    expect(same).toMatchObject({
      was: 'drop',
      would: ['drop'],
      dropped: 10_000,
      wouldDrop: { low: 10_000, high: 10_000 },
    })
    expect(isOther(same)).toBe(false)
  })

  it('nothing, where it observes', () => {
    const seen = outcomeOf(rule({}), BUILT_IN, draft({ vectors: { dns_amp: 'observe' } }))
    expect(seen).toMatchObject({ would: ['observe'], wouldDrop: { low: 0, high: 0 } })
    expect(isOther(seen)).toBe(true)
  })

  it('what a rule counted, where it drops what was observed', () => {
    const would = outcomeOf(rule({ action: 'count' }), draft({ certain: 'observe' }), BUILT_IN)
    expect(would).toMatchObject({ was: 'observe', dropped: 0, wouldDrop: { low: 10_000, high: 10_000 } })
  })

  it('all but what a limit lets through, where it limits what was dropped', () => {
    const would = outcomeOf(rule({}), BUILT_IN, draft({ certain: 'limit', newSourcePps: 300 }))
    expect(would.wouldDrop).toEqual({ low: 7_000, high: 10_000 })
  })

  it('what was held back and at most what was let through, where it drops what was limited', () => {
    const would = outcomeOf(rule({ action: 'limit', basis: 'doubtful' }), BUILT_IN, draft({ doubtful: 'drop' }))
    expect(would.wouldDrop).toEqual({ low: 10_000, high: 12_000 })
  })

  it.each([
    [300, { low: 9_000, high: 10_000 }],
    [100, { low: 10_000, high: 11_000 }],
    [200, { low: 10_000, high: 10_000 }],
  ])('another rate of %d pps moves what a limit of 200 held back, within bounds', (newSourcePps, wouldDrop) => {
    const limited = rule({ action: 'limit', basis: 'rest', vectorId: 'udp_flood_random' })
    expect(outcomeOf(limited, BUILT_IN, draft({ newSourcePps })).wouldDrop).toEqual(wouldDrop)
  })

  it('never the rest of a vector, which is limited at most', () => {
    const rest = rule({ action: 'limit', basis: 'rest', vectorId: 'udp_flood_random' })
    expect(outcomeOf(rest, BUILT_IN, draft({ doubtful: 'drop' })).would).toEqual(['limit'])
  })

  it('whatever of both it may have been, where an older agent did not say what a rule followed from', () => {
    const old = rule({ action: 'limit', basis: undefined, vectorId: 'udp_flood_random' })
    const would = outcomeOf(old, BUILT_IN, draft({ doubtful: 'drop' }))
    expect(would.would).toEqual(['limit', 'drop'])
    expect(would.wouldDrop).toEqual({ low: 10_000, high: 12_000 })
    expect(outcomeOf(rule({ basis: undefined }), BUILT_IN, draft({ doubtful: 'drop' })).would).toEqual(['drop'])
  })
})
