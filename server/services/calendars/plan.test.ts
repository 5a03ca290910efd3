import { describe, expect, it } from 'vitest'
import type { IcsEntry } from './parse-ics'
import { type KnownEntry, planImport } from './plan'
import { createServerFinder } from './servers'

const HOUR = 3_600_000
const NOW_MS = 1_000 * HOUR

const entry = (uid: string, more: Partial<IcsEntry> = {}): IcsEntry => ({
  uid,
  recurrence: '',
  title: `Match ${uid}`,
  location: '',
  startsMs: NOW_MS + HOUR,
  endsMs: NOW_MS + 3 * HOUR,
  isCancelled: false,
  ...more,
})

/** An entry that was imported, and its match as it stands; `by hand` is what somebody changed since. */
const known = (uid: string, byHand: Partial<KnownEntry['match']> = {}, more: Partial<KnownEntry> = {}): KnownEntry => {
  const { recurrence, title: name, location, startsMs, endsMs } = entry(uid)
  const imported = { uid, recurrence, name, location, startsMs, endsMs, nodeIds: [], ...more }
  const match = {
    name: imported.name,
    windows: [{ startsMs: imported.startsMs, endsMs: imported.endsMs }],
    nodeIds: imported.nodeIds,
    isArchived: false,
  }
  return { id: `e-${uid}`, groupId: `g-${uid}`, state: 'current', ...imported, match: { ...match, ...byHand } }
}

type Given = Partial<Parameters<typeof planImport>[0]>
const plan = (entries: IcsEntry[], before: KnownEntry[] = [], more: Given = {}) =>
  planImport({
    calendar: { entries, cutMs: null, unreadable: new Set() },
    known: before,
    takenNames: [],
    serversOf: () => ({ nodeIds: [], by: null }),
    dayOf: (ms) => `hour ${ms / HOUR}`,
    nowMs: NOW_MS,
    ...more,
  }).changes

describe('what a calendar changes', () => {
  it('is what is new, and nothing when it says the same again', () => {
    expect(plan([entry('a')])).toMatchObject([{ kind: 'add', name: 'Match a' }])
    expect(plan([entry('a')], [known('a')])).toMatchObject([{ kind: 'same', fields: [], kept: [] }])
  })

  it('is what it moved or renamed', () => {
    expect(plan([entry('a', { startsMs: NOW_MS + 2 * HOUR, title: 'Final' })], [known('a')])).toMatchObject([
      { kind: 'change', name: 'Final', fields: ['name', 'window'] },
    ])
  })

  it('leaves alone what somebody changed by hand, and says so', () => {
    const byHand = { name: 'Grand final', windows: [{ startsMs: NOW_MS, endsMs: NOW_MS + HOUR }], nodeIds: ['n9'] }
    const moved = entry('a', { startsMs: NOW_MS + 2 * HOUR, title: 'Final' })
    const serversOf = () => ({ nodeIds: ['n1'], by: 'rule' })
    expect(plan([moved], [known('a', byHand)], { serversOf })).toMatchObject([
      { kind: 'change', fields: [], kept: ['name', 'window', 'servers'] },
    ])
  })

  it('follows again in one field while another stays by hand', () => {
    const moved = entry('a', { startsMs: NOW_MS + 2 * HOUR, title: 'Final' })
    expect(plan([moved], [known('a', { name: 'Grand final' })])).toMatchObject([{ fields: ['window'], kept: ['name'] }])
  })

  it('takes away what was cancelled, and what is to come and not in it any more', () => {
    expect(plan([entry('a', { isCancelled: true })], [known('a'), known('b')])).toMatchObject([
      { kind: 'cancel', uid: 'a' },
      { kind: 'withdraw', uid: 'b' },
    ])
  })

  it('brings back what had been cancelled or withdrawn', () => {
    const gone = known('a', { isArchived: true }, { state: 'withdrawn' })
    expect(plan([entry('a')], [gone])).toMatchObject([{ kind: 'change', isBack: true }])
  })

  it('does not bring back what somebody archived', () => {
    expect(plan([entry('a')], [known('a', { isArchived: true })])).toMatchObject([{ kind: 'same' }])
  })

  it('keeps what is over, was cut off, or could not be read', () => {
    const over = known('old', {}, { startsMs: NOW_MS - 3 * HOUR, endsMs: NOW_MS - HOUR })
    expect(plan([], [over])).toEqual([])
    expect(plan([], [known('a')], { calendar: { entries: [], cutMs: NOW_MS + HOUR, unreadable: new Set() } })).toEqual(
      [],
    )
    expect(plan([], [known('a')], { calendar: { entries: [], cutMs: null, unreadable: new Set(['a']) } })).toEqual([])
    expect(plan([], [known('a')], { calendar: { entries: [], cutMs: null, unreadable: null } })).toEqual([])
  })

  it('gives names that differ to titles that do not, and stays within what a name may be', () => {
    const twice = [
      entry('a', { title: 'Cup' }),
      entry('b', { title: 'Cup', startsMs: NOW_MS + 5 * HOUR, endsMs: NOW_MS + 6 * HOUR }),
    ]
    expect(plan(twice).map(({ name }) => name)).toEqual(['Cup · hour 1001', 'Cup · hour 1005'])
    expect(plan([entry('a', { title: 'Cup' })], [], { takenNames: ['Cup'] })[0]?.name).toBe('Cup (2)')
    const long = '👾'.repeat(60)
    const [first] = plan([entry('a', { title: long }), entry('b', { title: long })])
    expect(first?.name.length).toBeLessThanOrEqual(80)
    expect(first?.name).toMatch(/^(👾)+ · hour 1001$/u)
  })
})

describe('which servers a match plays on', () => {
  const NODES = [
    { id: 'n1', name: 'match-1' },
    { id: 'n10', name: 'match-10' },
  ]
  const group = (id: string, name: string, kind: 'region' | 'match', nodeIds: string[]) => ({
    id,
    name,
    kind,
    nodeIds: new Set(nodeIds),
  })
  const fleet = {
    nodes: NODES,
    groups: [group('g1', 'Stage A', 'region', ['n1', 'n10']), group('g2', 'Final', 'match', ['n10'])],
  }
  const find = (title: string, location: string, rules: Parameters<typeof createServerFinder>[0] = []) =>
    createServerFinder(rules, fleet)({ title, location })

  it('is said by a name of a server in its location before one in its title, and never by a part of a name', () => {
    expect(find('On match-1', 'match-10')).toEqual({ nodeIds: ['n10'], by: 'location names match-10' })
    expect(find('On Match-1.', '')).toEqual({ nodeIds: ['n1'], by: 'title names match-1' })
    expect(find('match-100', '').nodeIds).toEqual([])
  })

  it('is said by the name of a region, not by that of another match', () => {
    expect(find('Final', 'Hall 2, stage a')).toEqual({ nodeIds: ['n1', 'n10'], by: 'location names Stage A' })
    expect(find('Final', '').nodeIds).toEqual([])
  })

  it('is said by the first rule that fits before any name, and a rule whose server is gone fits nothing', () => {
    const rules = [
      { field: 'title' as const, contains: 'final', target: { kind: 'node' as const, id: 'gone' } },
      { field: 'title' as const, contains: 'FINAL', target: { kind: 'node' as const, id: 'n1' } },
    ]
    expect(find('Grand final', 'match-10', rules)).toEqual({ nodeIds: ['n1'], by: 'title has “FINAL”' })
  })
})
