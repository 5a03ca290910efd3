import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatId, newId, parseId } from './ids'
import { isRole, PERMISSIONS, type Permission, ROLES, type Role, reachOf, rightsOf } from './permissions'
import { estimate, flowSourcesCents, PLANS } from './prices'
import { microsToTimestamp } from './units'

describe('ids', () => {
  it('keep their value through showing and reading', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(parseId('inc', formatId('inc', uuid))).toBe(uuid)
      }),
    )
  })

  it('of another kind are refused, and what is no id at all', () => {
    expect(() => parseId('inc', formatId('nd', newId()))).toThrow('begins with inc_')
    expect(() => parseId('inc', "inc_'; DROP TABLE incident")).toThrow()
    expect(() => formatId('inc', 'x')).toThrow()
  })

  it('made later sort later', () => {
    const ids = Array.from({ length: 200 }, newId)
    expect([...ids].sort()).toEqual(ids)
  })
})

describe('permissions', () => {
  const roleMay = (role: Role, permission: Permission): boolean => rightsOf([{ role, groupId: null }])[permission]

  it('give the owner everything', () => {
    for (const permission of Object.keys(PERMISSIONS) as Permission[])
      expect([permission, roleMay('owner', permission)]).toEqual([permission, true])
  })

  it('reach as far as the grants that carry them, and what is of the workspace no less than that', () => {
    const official = { role: 'official', groupId: 'a' } as const
    expect(reachOf([official, { role: 'analyst', groupId: 'b' }], 'incident.read')).toEqual(['a', 'b'])
    expect(reachOf([official, { role: 'analyst', groupId: 'b' }], 'node.read')).toEqual(['b'])
    expect(reachOf([official, { role: 'analyst', groupId: null }], 'incident.read')).toBe('workspace')
    expect(reachOf([{ role: 'operator', groupId: 'a' }], 'audit.read')).toBeNull()
    expect(reachOf([], 'board.read')).toBeNull()
  })

  it('keep billing from admins, configuration from operators and writing from analysts', () => {
    expect(roleMay('admin', 'billing.update')).toBe(false)
    expect(roleMay('admin', 'workspace.delete')).toBe(false)
    expect(roleMay('operator', 'node.enrol')).toBe(false)
    expect(roleMay('operator', 'incident.acknowledge')).toBe(true)
    expect(roleMay('analyst', 'incident.acknowledge')).toBe(false)
    expect(roleMay('analyst', 'evidence.download')).toBe(true)
    expect(roleMay('billing', 'incident.read')).toBe(false)
  })

  it('know the roles and no others', () => {
    expect(ROLES.every(isRole)).toBe(true)
    expect(isRole('root')).toBe(false)
  })
})

describe('prices of flow sources', () => {
  it.each([
    [0, 0],
    [5, 9_500],
    [6, 11_200],
    [20, 35_000],
    [21, 36_500],
    [100, 155_000],
    [101, 156_200],
  ])('%i sources cost %i cents a month', (count, cents) => {
    expect(flowSourcesCents(count)).toBe(cents)
  })

  it.each([
    ['monthly', 25, 0, { perMonthCents: 24_975, nodesPrepaidCents: null, onceCents: 0 }],
    ['annual', 25, 0, { perMonthCents: 19_975, nodesPrepaidCents: 239_700, onceCents: 0 }],
    ['whiteLabel', 25, 0, { perMonthCents: 19_975, nodesPrepaidCents: null, onceCents: 20_000 }],
    ['monthly', 1, 6, { perMonthCents: 12_199, flowSourcesPerMonthCents: 11_200 }],
    ['annual', 0, 0, { perMonthCents: 0, nodesPrepaidCents: 0 }],
  ] as const)('make an estimate, %s, %i nodes and %i flow sources', (plan, nodes, flowSources, expected) => {
    expect(estimate({ plan, nodes, flowSources })).toMatchObject(expected)
  })

  it('never make one more node or source cheaper, whatever the plan', () => {
    const count = fc.integer({ min: 0, max: 5_000 })
    fc.assert(
      fc.property(fc.constantFrom(...PLANS), count, count, (plan, nodes, flowSources) => {
        const now = estimate({ plan, nodes, flowSources }).perMonthCents
        expect(estimate({ plan, nodes: nodes + 1, flowSources }).perMonthCents).toBeGreaterThan(now)
        expect(estimate({ plan, nodes, flowSources: flowSources + 1 }).perMonthCents).toBeGreaterThan(now)
      }),
    )
  })

  it('never make more sources cheaper', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), (count) => {
        expect(flowSourcesCents(count + 1)).toBeGreaterThan(flowSourcesCents(count))
      }),
    )
  })
})

describe('microsToTimestamp', () => {
  it('keeps every microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000_000 }), (us) => {
        const text = microsToTimestamp(us)
        const [seconds, fraction] = [Date.parse(`${text.slice(0, 19)}Z`) / 1_000, Number(text.slice(20, 26))]
        expect(seconds * 1_000_000 + fraction).toBe(us)
      }),
    )
  })
})
