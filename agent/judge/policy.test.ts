import { describe, expect, it } from 'vitest'
import type { Policy } from '../../wire/messages'
import type { Cut } from '../mitigate/ruleset'
import { blankPacket } from '../sense/packet'
import type { Finding } from './classify'
import { DEFAULT_POLICY, recut } from './policy'
import { reduce } from './reduce'
import { type Attacked, type Effect, initialState, type JudgeState, type TickRates } from './state'
import { cutsFor } from './verdict'

const AT_US = 1_000_000_000_000
const policyOf = (part: Partial<Policy>): Policy => ({ ...DEFAULT_POLICY, ...part })
const match = { protocol: 'udp', destinationPorts: [27_015] } as const

const finding = (part: Partial<Finding>): Finding => ({
  vectorId: 'dns_amp',
  share: 1,
  confidence: 0.9,
  packets: 100,
  targetPort: 27_015,
  matches: [match],
  limit: match,
  certain: true,
  coverage: 1,
  cleanHits: 0,
  cleanPackets: 100,
  ...part,
})
const DOUBTFUL = finding({ vectorId: 'udp_flood_random', certain: false, coverage: 0.95 })
const cuts = (part: Partial<Policy>, found: Finding[]) => cutsFor({ policy: policyOf(part) }, found, AT_US)
const actions = (part: Partial<Policy>, found: Finding[]) => cuts(part, found).map(({ action }) => action)

describe('what a policy makes of a finding', () => {
  it('drops what is certain; limits a doubtful fingerprint and what it leaves over', () => {
    expect(cuts({}, [finding({}), DOUBTFUL])).toMatchObject([
      { id: 'c1', action: 'drop', basis: 'certain' },
      { id: 'c2', action: 'limit', basis: 'doubtful', limitPps: 200 },
      { id: 'c3', action: 'limit', basis: 'rest', limitPps: 200 },
    ])
  })

  it('never drops what is left of a vector without a fingerprint, whatever it is told', () => {
    expect(actions({ doubtful: 'drop' }, [DOUBTFUL])).toEqual(['drop', 'limit'])
    expect(actions({ vectors: { udp_flood_random: 'drop' } }, [DOUBTFUL])).toEqual(['drop', 'limit'])
  })

  it('lets a vector that is set apart do what was said for it, and no other', () => {
    const vectors = { dns_amp: 'observe', udp_flood_random: 'limit' } as const
    expect(actions({ vectors, doubtful: 'observe' }, [finding({}), DOUBTFUL])).toEqual(['count', 'limit', 'limit'])
    expect(actions({ vectors }, [finding({ vectorId: 'ntp_monlist' })])).toEqual(['drop'])
  })

  it('only counts while the kill switch is on, and acts again at its very end', () => {
    const stoppedUntilMs = AT_US / 1_000 + 60_000
    const at = (atUs: number) =>
      cutsFor({ policy: policyOf({ stoppedUntilMs }) }, [finding({})], atUs).map(({ action }) => action)
    expect(at(stoppedUntilMs * 1_000 - 1)).toEqual(['count'])
    expect(at(stoppedUntilMs * 1_000)).toEqual(['drop'])
  })
})

describe('another policy under standing cuts', () => {
  const standing = cuts({}, [finding({}), DOUBTFUL])

  it('leaves alone what it wants as it is', () => {
    expect(recut(policyOf({ holdMs: 1_000 }), standing, AT_US)).toBe(standing)
  })

  it('makes rules of their own where the action is another: their hits are not those of the ones before', () => {
    const observed = recut(policyOf({ certain: 'observe' }), standing, AT_US)
    expect(observed).toMatchObject([{ id: 'c1-count', action: 'count' }, { id: 'c2' }, { id: 'c3' }])
    expect(recut(policyOf({}), observed, AT_US)).toMatchObject([{ id: 'c1-drop', action: 'drop' }, {}, {}])
  })

  it('keeps a limit under its name at another rate', () => {
    const [, limited] = recut(policyOf({ newSourcePps: 50 }), standing, AT_US)
    expect(limited).toMatchObject({ id: 'c2', action: 'limit', limitPps: 50 })
  })

  it('takes cuts of a run that did not say what they follow from by what they did', () => {
    const old: Cut[] = [{ id: 'c1', vectorId: 'dns_amp', action: 'drop', match }]
    expect(recut(policyOf({ doubtful: 'observe' }), old, AT_US)).toBe(old)
    expect(recut(policyOf({ certain: 'observe' }), old, AT_US)[0]?.action).toBe('count')
  })
})

const NO_RATE = { pps: 0, bps: 0 }
const FLOODED: TickRates = {
  wire: { pps: 100_000, bps: 0 },
  udpPps: 100_000,
  synPps: 0,
  tcpPps: 0,
  outPps: 0,
  dropped: NO_RATE,
  delivered: NO_RATE,
  hits: new Map(),
  distressPps: 0,
}

function attacked(policy: Policy): JudgeState {
  const packet = { packet: blankPacket(AT_US, 4, 's', 'd'), tap: 'udp', marked: false } as const
  const phase: Attacked = {
    kind: 'attacked',
    sinceUs: AT_US,
    findings: [finding({})],
    cuts: cutsFor({ policy }, [finding({})], AT_US),
    window: [packet],
    cleanBand: null,
    beforePps: 0,
    peakDroppedPps: 0,
    mitigated: true,
    quietSinceUs: null,
    ending: false,
    audience: { judgedUs: AT_US, is: false },
    standby: false,
    looking: null,
    holdUs: policy.holdMs * 1_000,
  }
  return { ...initialState(), policy, phase }
}
const recuts = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'recut' ? effect.cuts.map(({ action }) => action) : []))
const phaseOf = ({ phase }: JudgeState) => phase as Attacked

describe('a policy that comes in mid-attack', () => {
  it('changes the rules that stand, and the claim to have mitigated goes with them', () => {
    const policy = policyOf({ stoppedUntilMs: AT_US / 1_000 + 1_000 })
    const { state, effects } = reduce(attacked(policyOf({})), { type: 'policy', atUs: AT_US, policy })
    expect(recuts(effects)).toEqual(['count'])
    expect(phaseOf(state)).toMatchObject({ mitigated: false, cuts: [{ action: 'count' }] })
  })

  it('is followed by the rules again when its kill switch ends, without a word from the platform', () => {
    const policy = policyOf({ stoppedUntilMs: AT_US / 1_000 + 1_000 })
    const stopped = reduce(attacked(policyOf({})), { type: 'policy', atUs: AT_US, policy }).state
    const tick = (atUs: number, from: JudgeState) => reduce(from, { type: 'tick', atUs, rates: FLOODED })
    const before = tick(AT_US + 900_000, stopped)
    expect(recuts(before.effects)).toEqual([])
    expect(recuts(tick(AT_US + 1_000_000, before.state).effects)).toEqual(['drop'])
  })

  it('sets the quiet time anew, but does not forget how long this attacker paused', () => {
    const change = (from: JudgeState, holdMs: number) =>
      phaseOf(reduce(from, { type: 'policy', atUs: AT_US, policy: policyOf({ holdMs }) }).state).holdUs
    const usual = attacked(policyOf({}))
    expect(change(usual, 10_000)).toBe(10_000_000)
    const waited = { ...usual, phase: { ...phaseOf(usual), holdUs: 90_000_000 } }
    expect(change(waited, 10_000)).toBe(90_000_000)
    expect(change(waited, 120_000)).toBe(120_000_000)
  })

  it('changes no rule in peace', () => {
    const policy = policyOf({ certain: 'observe' })
    expect(reduce(initialState(), { type: 'policy', atUs: AT_US, policy }).effects).toEqual([])
  })
})
