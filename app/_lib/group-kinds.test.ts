import { expect, test } from 'vitest'
import type { GroupView } from '@/server/trpc/routers/groups'
import { inTreeOrder, pathOf } from './group-kinds'

const group = (id: string, name: string, parentId: string | null = null): GroupView => ({
  id,
  parentId,
  kind: 'match',
  name,
  nodeIds: [],
})

const GROUPS = [group('m10', 'Match 10', 'e'), group('e', 'Major'), group('m2', 'Match 2', 'e'), group('r', 'Europe')]

test('a group stands behind the one it lies in, and numbers count as numbers', () => {
  expect(inTreeOrder(GROUPS).map(({ id, depth }) => [id, depth])).toEqual([
    ['r', 0],
    ['e', 0],
    ['m2', 1],
    ['m10', 1],
  ])
})

test('a path names what a group lies in', () => {
  expect(pathOf(GROUPS, 'm2')).toBe('Major · Match 2')
})
