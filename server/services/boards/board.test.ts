import { describe, expect, it } from 'vitest'
import { Board, type BoardMatch, chooseTiles, judgeMatch, type ServerFacts, TILES_MAX } from './board'

const NOW_MS = 1_795_000_000_000
const WELL = { packetsIn: 10_000, packetsPastCut: 10_000, socketBufferDrops: 0 }
type Open = ServerFacts['open'][number]

const open = (state: Open['state'], more: Partial<Open> = {}): Open => ({
  state,
  openedMs: NOW_MS - 60_000,
  ruleInKernelMs: NOW_MS - 59_990,
  verified: WELL,
  ...more,
})
const server = (incidents: Open[] = [], more: Partial<ServerFacts> = {}): ServerFacts => ({
  isOnline: true,
  open: incidents,
  lastOverMs: null,
  lastSeenMs: NOW_MS,
  last: null,
  ...more,
})
const judge = (...servers: ServerFacts[]) => judgeMatch(servers, NOW_MS)

describe('what a board says of a match', () => {
  it('is clean without an attack, since the last one was over', () => {
    expect(judge(server())).toEqual({ state: 'clean', sinceMs: null, sentence: 'No attack.' })
    expect(judge(server([], { lastOverMs: 7 }), server([], { lastOverMs: 9 })).sinceMs).toBe(9)
    expect(judge(server([open('suspected')])).state).toBe('clean')
  })

  it('is under mitigation from the first moment of a rule, since the earliest of the attacks', () => {
    expect(judge(server([open('mitigating')]))).toMatchObject({
      state: 'under_mitigation',
      sentence: 'An attack is being dropped.',
    })
    expect(judge(server([open('mitigated')]), server([open('ending', { openedMs: 5 })]))).toEqual({
      state: 'under_mitigation',
      sinceMs: 5,
      sentence: 'An attack is held off. Players are fine.',
    })
  })

  it('is not impaired for the milliseconds that a rule needs, and is when none comes', () => {
    const seen = (agoMs: number) => server([open('confirmed', { openedMs: NOW_MS - agoMs, ruleInKernelMs: null })])
    expect(judge(seen(100)).state).toBe('under_mitigation')
    expect(judge(seen(10_000))).toMatchObject({
      state: 'impaired',
      sentence: 'An attack is going on and is not dropped.',
    })
  })

  it('is impaired when players lose packets although a rule stands', () => {
    const losing = open('mitigated', { verified: { ...WELL, packetsPastCut: 9_000 } })
    expect(judge(server(), server([losing]))).toMatchObject({
      state: 'impaired',
      sentence: 'An attack is dropped, but players lose packets.',
    })
  })

  it('is unknown when nothing is known: no servers, or none that reports', () => {
    expect(judge()).toMatchObject({ state: 'unknown' })
    const away = server([], { isOnline: false, lastSeenMs: 3 })
    expect(judge(away)).toEqual({ state: 'unknown', sinceMs: 3, sentence: 'Its server does not report.' })
    expect(judge(away, server())).toMatchObject({
      state: 'clean',
      sentence: 'No attack. 1 of 2 servers do not report.',
    })
  })
})

const tile = (name: string, more: Partial<BoardMatch> = {}): BoardMatch => ({
  id: name,
  name,
  stage: null,
  state: 'clean',
  sinceMs: null,
  sentence: '',
  isLive: false,
  window: null,
  ...more,
})
const at = (minutes: number) => ({ startsMs: NOW_MS + minutes * 60_000, endsMs: NOW_MS + (minutes + 60) * 60_000 })

describe('the tiles of a board', () => {
  it('stay in their own order, whatever their state', () => {
    const tiles = [
      tile('Match 10'),
      tile('Match 2', { state: 'impaired' }),
      tile('Early', { window: at(-30), isLive: true }),
    ]
    expect(chooseTiles(tiles, NOW_MS).shown.map(({ name }) => name)).toEqual(['Early', 'Match 2', 'Match 10'])
  })

  it('leave out what is over, unless it is under attack still', () => {
    const over = tile('Over', { window: at(-200) })
    expect(chooseTiles([over], NOW_MS).shown).toEqual([])
    expect(chooseTiles([{ ...over, state: 'under_mitigation' }], NOW_MS).shown).toHaveLength(1)
  })

  it('are at most two dozen: attacks first, then what is on air, then what comes next', () => {
    const tiles = [
      ...Array.from({ length: 40 }, (_, index) => tile(`Later ${index}`, { window: at(100 + index) })),
      tile('On air', { window: at(-5), isLive: true }),
      tile('Attacked', { state: 'impaired', window: at(9_000) }),
    ]
    const { shown, more } = chooseTiles(tiles, NOW_MS)
    expect(shown).toHaveLength(TILES_MAX)
    expect(more).toBe(42 - TILES_MAX)
    expect(shown.map(({ name }) => name)).toEqual([
      'On air',
      ...Array.from({ length: 22 }, (_, index) => `Later ${index}`),
      'Attacked',
    ])
  })

  it('take no field that was not written down: an address or a server’s name has no way out', () => {
    const board = { title: 'Major', timeZone: 'UTC', isLive: true, showsRates: false, matches: [tile('A')], more: 0 }
    expect(Board.safeParse(board).success).toBe(true)
    expect(Board.safeParse({ ...board, matches: [{ ...tile('A'), nodes: ['match-01'] }] }).success).toBe(false)
    expect(Board.safeParse({ ...board, addresses: ['203.0.113.10'] }).success).toBe(false)
  })
})
