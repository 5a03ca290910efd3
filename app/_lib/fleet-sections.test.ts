import { expect, test } from 'vitest'
import type { NodeTile } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'
import { toSections } from './fleet-sections'

const tile = (id: string, state: NodeTile['state'] = 'clean') => ({ id, name: id, state }) as NodeTile
const group = (id: string, kind: GroupView['kind'], nodeIds: string[], parentId: string | null = null): GroupView => ({
  id,
  kind,
  name: id,
  nodeIds,
  parentId,
})
const GROUPS = [
  group('major', 'event', []),
  group('match-1', 'match', ['a'], 'major'),
  group('match-2', 'match', ['b', 'c'], 'major'),
  group('eu', 'region', ['a', 'b']),
]
const shapeOf = (sections: ReturnType<typeof toSections>) =>
  sections.map(({ title, tiles }) => [title, tiles.map(({ id }) => id)])

test('the group with an attack comes first, and within it the attacked node', () => {
  const sections = toSections([tile('a'), tile('b'), tile('c', 'attack'), tile('d')], GROUPS, 'match')
  expect(shapeOf(sections)).toEqual([
    ['major · match-2', ['c', 'b']],
    ['major · match-1', ['a']],
    ['', ['d']],
  ])
})

test('an event holds the nodes of its matches, and without a kind all stand together', () => {
  const tiles = [tile('a'), tile('b'), tile('c')]
  expect(shapeOf(toSections(tiles, GROUPS, 'event'))).toEqual([['major', ['a', 'b', 'c']]])
  expect(shapeOf(toSections(tiles, GROUPS, null))).toEqual([[null, ['a', 'b', 'c']]])
})

test('tiles stand in the order asked for, and what sends nothing stands last', () => {
  const busy = (id: string, wirePps: number, usualPps: number) =>
    ({ ...tile(id), latest: { atMs: 0, wirePps, wireBps: 0 }, usual: { pps: usualPps, ppsHigh: usualPps } }) as NodeTile
  const tiles = [tile('silent', 'attack'), busy('n10', 900, 900), busy('n2', 400, 100)]
  const orderOf = (order: Parameters<typeof toSections>[3]) =>
    toSections(tiles, [], null, order)[0]?.tiles.map(({ id }) => id)
  expect(orderOf('state')).toEqual(['silent', 'n2', 'n10'])
  expect(orderOf('usual')).toEqual(['n2', 'n10', 'silent'])
  expect(orderOf('rate')).toEqual(['n10', 'n2', 'silent'])
  expect(orderOf('name')).toEqual(['n2', 'n10', 'silent'])
})
