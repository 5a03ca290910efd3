import { expect, it } from 'vitest'
import { newId } from '../core/ids'
import type { NodeGroup } from '../services/groups/list'
import type { Incident } from '../services/incidents/incident'
import type { Node } from '../services/nodes/list'
import { findByName } from './find'

const node = (name: string) => ({ id: newId(), name }) as Node
const group = (name: string) => ({ id: newId(), name }) as NodeGroup
const incident = (nodeName: string) =>
  ({ id: newId(), nodeName, firstPacketUs: 5_000_000, report: { vectors: [{ id: 'dns_amp', share: 1 }] } }) as Incident

const ALL = {
  nodes: [node('match-10'), node('match-2'), node('rematch-1'), node('edge-1')],
  groups: [group('Match 2'), group('Europe')],
  incidents: [incident('match-2'), incident('edge-1')],
}
const namesFor = (text: string) => findByName(text, ALL).map(({ kind, name }) => `${kind} ${name}`)

it('finds nodes, groups and incidents by parts of their names, in any case and order of words', () => {
  expect(namesFor('MATCH 2')).toEqual(['node match-2', 'group Match 2', 'incident DNS reflection on match-2'])
  expect(namesFor('dns edge')).toEqual(['incident DNS reflection on edge-1'])
})

it('puts what begins with the word first, and numbers in their order', () => {
  expect(namesFor('match').slice(0, 3)).toEqual(['node match-2', 'node match-10', 'node rematch-1'])
})

it('gives no more than fits on a screen', () => {
  const many = { ...ALL, nodes: Array.from({ length: 500 }, (_, at) => node(`match-${at}`)) }
  expect(findByName('match', many).filter(({ kind }) => kind === 'node')).toHaveLength(8)
})
