import { describe, expect, test } from 'vitest'
import { AUDIT_AREAS, actorWords, changesOf, phraseOf } from './audit-words'

const GROUP = '0196b2a0-0000-7000-8000-0000000000aa'

describe('audit words', () => {
  test('say what was done to whom, by name where there is one', () => {
    const subject = { kind: 'member', id: GROUP, name: 'Olga' }
    expect(phraseOf('grant.revoke', subject)).toBe('took a role from Olga')
    expect(phraseOf('grant.revoke', { ...subject, name: null })).toBe('took a role from member 0000000000aa')
  })

  test('name an action without words as it is kept', () => {
    const subject = { kind: 'match_plan', id: 'p', name: null }
    expect(phraseOf('match_plan.set_time', subject)).toBe('set time (match plan): match plan p')
  })

  test('say who it was when nobody of that name is here', () => {
    expect(actorWords({ kind: 'user', id: GROUP, name: null })).toBe('Somebody no longer here (0000000000aa)')
    expect(actorWords({ kind: 'job', id: 'bin/up', name: null })).toBe('The platform')
    expect(actorWords({ kind: 'agent', id: GROUP, name: 'match-01' })).toBe('match-01')
  })

  test('show what changed and leave out what did not', () => {
    const before = { name: 'Match 1', kind: 'match', parentId: null }
    const after = { name: 'Match 2', kind: 'match', parentId: GROUP }
    expect(changesOf(before, after, { [GROUP]: 'Playoffs' })).toEqual([
      { field: 'name', was: 'Match 1', is: 'Match 2' },
      { field: 'parent', was: null, is: 'Playoffs' },
    ])
  })

  test('say moments, lists, numbers and yes or no readably, and nothing for nothing', () => {
    const after = { untilMs: 1_795_204_800_000, kinds: ['opened', 'resolved'], enabled: false, count: 3, groupId: null }
    expect(changesOf(null, after, {})).toEqual([
      { field: 'until', was: null, is: '20 Nov, 20:00:00 UTC' },
      { field: 'kinds', was: null, is: 'opened, resolved' },
      { field: 'enabled', was: null, is: 'no' },
      { field: 'count', was: null, is: '3' },
    ])
  })

  test('say settings and times on air as people say them, of many the first', () => {
    const changes = [
      { what: 'SYN flood', before: 'by proof', after: 'limit' },
      { what: 'Friends', before: null, after: 'Casters' },
    ]
    const at = (hour: number) => ({ startsMs: Date.UTC(2026, 10, 20, hour), endsMs: Date.UTC(2026, 10, 20, hour + 1) })
    const windows = Array.from({ length: 12 }, (_, hour) => at(hour))
    const [first, second, third] = changesOf(null, { changes, windows, brand: { nameId: 'x', isOn: true } }, {})
    expect(first?.is).toBe('SYN flood: by proof → limit; Friends: nothing → Casters')
    expect(second?.is).toMatch(/^20 Nov, 00:00:00 to 20 Nov, 01:00:00 UTC; .*; 4 more$/)
    expect(third?.is).toBe('name x, is on yes')
  })

  test('areas are what actions begin with', () => {
    for (const { action } of AUDIT_AREAS) expect(action).toMatch(/^[a-z_]+$/)
  })
})
