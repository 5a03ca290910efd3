import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  INCIDENT_STATE_WORDS,
  type IncidentQuery,
  type IncidentStateWord,
  readIncidentQuery,
  SORT_WORDS,
  VIEW_WORDS,
  writeIncidentQuery,
} from './incident-filter'

const read = (text: string): IncidentQuery => readIncidentQuery(new URLSearchParams(text))
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

describe('the filter in an address', () => {
  it('comes back as it was written', () => {
    const query = fc.record({
      filter: fc.record(
        {
          state: fc.constantFrom(...(Object.keys(INCIDENT_STATE_WORDS) as IncidentStateWord[])),
          nodeId: fc.constant(`nd_${'0a'.repeat(16)}`),
          groupId: fc.constant(`grp_${'1b'.repeat(16)}`),
          vectorId: fc.constantFrom('dns_amp' as const, 'syn_flood' as const),
          peakPpsMin: fc.nat(),
          isAcknowledged: fc.boolean(),
          days: fc.integer({ min: 1, max: 800 }),
          fromMs: fc.nat(),
          toMs: fc.nat(),
          text: fc.string({ minLength: 1, maxLength: 100 }).filter((text) => text.trim() === text),
        },
        { requiredKeys: [] },
      ),
      sort: maybe(fc.constantFrom(...(Object.keys(SORT_WORDS) as IncidentQuery['sort'][]))),
      view: maybe(fc.constantFrom(...(Object.keys(VIEW_WORDS) as IncidentQuery['view'][]))),
    })
    fc.assert(
      fc.property(query, ({ filter, sort = 'newest', view = 'list' }) => {
        expect(read(writeIncidentQuery({ filter, sort, view }))).toEqual({ filter, sort, view })
      }),
    )
  })

  it('says nothing where nothing is asked for', () => {
    expect(writeIncidentQuery({ filter: {}, sort: 'newest', view: 'list' })).toBe('')
  })

  it('leaves out what no list knows', () => {
    const nonsense =
      'state=broken&node=nd_x&group=1&vector=toString&peak=-5&acknowledged=perhaps&days=9999&sort=x&view=constructor'
    expect(read(nonsense)).toEqual({ filter: {}, sort: 'newest', view: 'list' })
  })
})
