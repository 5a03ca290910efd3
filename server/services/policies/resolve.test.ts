import { describe, expect, it } from 'vitest'
import { groupsAbove, indexTree, parentsOf, type TreeGroup, type TreeMember } from './resolve'

const group = (id: string, kind: TreeGroup['kind'], parentId: string | null = null) => ({
  id,
  kind,
  parentId,
})
const within = (nodeId: string, ...groupIds: string[]) => groupIds.map((groupId) => ({ groupId, nodeId }))
type Given = { groups: TreeGroup[]; members: TreeMember[] }
const order = ({ groups, members }: Given, nodeId = 'n') =>
  groupsAbove(indexTree(groups, members), nodeId).map(({ id }) => id)

const GROUPS = [
  group('1-event', 'event'),
  group('2-stage', 'stage', '1-event'),
  group('3-match', 'match', '2-stage'),
  group('4-region', 'region'),
  group('5-match', 'match'),
  group('6-role', 'role'),
]

describe('whose policy a node takes', () => {
  it('the group it lies in comes before those above that one', () => {
    expect(order({ groups: GROUPS, members: within('n', '3-match') })).toEqual(['3-match', '2-stage', '1-event'])
  })

  it('a group that is nearer wins, whatever its kind', () => {
    expect(order({ groups: GROUPS, members: within('n', '3-match', '4-region') })).toEqual([
      '3-match',
      '4-region',
      '2-stage',
      '1-event',
    ])
    expect(order({ groups: GROUPS, members: within('n', '2-stage', '3-match') })).toEqual([
      '3-match',
      '2-stage',
      '1-event',
    ])
  })

  it('of groups equally near the narrower kind wins, and of two alike the older, in whatever order they are read', () => {
    const members = within('n', '6-role', '4-region', '5-match', '3-match')
    const expected = ['3-match', '5-match', '6-role', '4-region', '2-stage', '1-event']
    expect(order({ groups: GROUPS, members })).toEqual(expected)
    expect(order({ groups: GROUPS.toReversed(), members: members.toReversed() })).toEqual(expected)
  })

  it('groups that are gone, and nodes of other groups, decide nothing', () => {
    const groups = GROUPS.filter(({ id }) => id !== '2-stage')
    expect(order({ groups, members: within('n', '3-match', 'gone') })).toEqual(['3-match'])
    expect(order({ groups: GROUPS, members: within('other', '3-match') })).toEqual([])
  })

  it('a group takes over what holds above it, nearest first', () => {
    expect(parentsOf(indexTree(GROUPS, []), '3-match')).toEqual(['2-stage', '1-event'])
    expect(parentsOf(indexTree(GROUPS, []), '1-event')).toEqual([])
  })
})
