import { describe, expect, it } from 'vitest'
import {
  audienceWindows,
  clashesOf,
  liveGroups,
  nodesByGroup,
  type ScheduledGroup,
  toTree,
  windowsOf,
} from './schedule'

const HOUR = 3_600_000
const span = (from: number, until: number) => ({ startsMs: from * HOUR, endsMs: until * HOUR })
const group = (id: string, more: Partial<ScheduledGroup> = {}): ScheduledGroup => ({
  id,
  parentId: null,
  kind: 'match',
  name: id,
  nodeIds: [],
  timeZone: null,
  audienceTimes: null,
  windows: [],
  ...more,
})

const EVENT = group('event', { kind: 'event', windows: [span(10, 20)], audienceTimes: 2 })
const STAGE = group('stage', { kind: 'stage', parentId: 'event' })
const FINAL = group('final', { parentId: 'stage', windows: [span(18, 22)], nodeIds: ['n1'], audienceTimes: 5 })
const OTHER = group('other', { parentId: 'stage', nodeIds: ['n2'] })
const GROUPS = [EVENT, STAGE, FINAL, OTHER]
const liveAt = (hour: number) => [...liveGroups(toTree(GROUPS), hour * HOUR)].sort()

describe('on air', () => {
  it('is what a window covers, its end not included', () => {
    expect(liveAt(9.999)).toEqual([])
    expect(liveAt(10)).toContain('event')
    expect(liveAt(22)).toEqual([])
  })

  it('is a match without a window of its own while the group above is, and not one with windows elsewhere', () => {
    expect(liveAt(12)).toEqual(['event', 'other', 'stage'])
    expect(windowsOf(toTree(GROUPS), 'other')).toEqual(EVENT.windows)
  })

  it('is everything above a match that is, although its own windows are over', () => {
    expect(liveAt(21)).toEqual(['event', 'final', 'stage'])
  })
})

describe('the audience a node expects', () => {
  const DAY = span(0, 24)
  it('follows each group it lies in, each with the number said nearest to it', () => {
    expect(audienceWindows(GROUPS, 'n1', DAY)).toEqual([
      { fromMs: 10 * HOUR, untilMs: 20 * HOUR, audienceTimes: 2 },
      { fromMs: 18 * HOUR, untilMs: 22 * HOUR, audienceTimes: 5 },
    ])
    expect(audienceWindows(GROUPS, 'n2', DAY)).toEqual([{ fromMs: 10 * HOUR, untilMs: 20 * HOUR, audienceTimes: 2 }])
  })

  it('is left out where nothing more is expected, and where the window is over or far', () => {
    expect(audienceWindows(GROUPS, 'n3', DAY)).toEqual([])
    expect(audienceWindows(GROUPS, 'n2', span(20, 24))).toEqual([])
    const calm = GROUPS.map((one) => ({ ...one, audienceTimes: null }))
    expect(audienceWindows(calm, 'n1', DAY)).toEqual([])
  })

  it('is bounded, however many windows a calendar brings', () => {
    const busy = group('busy', {
      nodeIds: ['n'],
      audienceTimes: 3,
      windows: Array.from({ length: 500 }, (_, index) => span(index, index + 0.5)),
    })
    expect(audienceWindows([busy], 'n', span(0, 1_000))).toHaveLength(64)
  })
})

describe('two matches on one server', () => {
  const two = (left: [number, number], right: [number, number]) => [
    group('a', { nodeIds: ['n'], windows: [span(...left)] }),
    group('b', { nodeIds: ['n', 'm'], windows: [span(...right)] }),
  ]
  it('are told from both sides with the time they share', () => {
    expect(clashesOf(two([10, 12], [11, 13]))).toEqual([
      { groupId: 'a', withId: 'b', nodeId: 'n', ...span(11, 12) },
      { groupId: 'b', withId: 'a', nodeId: 'n', ...span(11, 12) },
    ])
  })

  it('are no clash back to back, nor on two servers', () => {
    expect(clashesOf(two([10, 12], [12, 13]))).toEqual([])
    const [a, b] = two([10, 12], [11, 13])
    expect(clashesOf([a as ScheduledGroup, { ...(b as ScheduledGroup), nodeIds: ['m'] }])).toEqual([])
  })

  it('stay bounded when a thousand matches share one server at once', () => {
    const all = Array.from({ length: 1_000 }, (_, index) =>
      group(`m${index}`, { nodeIds: ['n'], windows: [span(1, 2)] }),
    )
    expect(clashesOf(all).length).toBeLessThanOrEqual(502)
  })
})

it('a group holds the nodes of all that lie in it', () => {
  expect([...(nodesByGroup(GROUPS).get('event') ?? [])].sort()).toEqual(['n1', 'n2'])
})
