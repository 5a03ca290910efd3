import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INCIDENT_EVENTS, INCIDENT_STATES, type IncidentState } from '../../wire/incident'
import { decide, type IncidentEventKind, isTerminal, type KnownIncident, type NotifyEffect } from './decide'

type Row = [
  from: IncidentState | null,
  claimed: IncidentState,
  event: IncidentEventKind,
  to: IncidentState,
  effects: NotifyEffect[],
]

const TABLE: Row[] = [
  [null, 'suspected', 'opened', 'suspected', []],
  [null, 'confirmed', 'opened', 'confirmed', ['opened']],
  [null, 'mitigating', 'opened', 'mitigating', ['opened']],
  [null, 'ending', 'ending', 'ending', ['opened']],
  [null, 'resolved', 'resolved', 'resolved', ['opened', 'resolved']],
  [null, 'rejected', 'rejected', 'rejected', []],
  ['suspected', 'suspected', 'updated', 'suspected', []],
  ['suspected', 'confirmed', 'updated', 'confirmed', ['opened']],
  ['suspected', 'mitigating', 'rule_installed', 'mitigating', ['opened']],
  ['suspected', 'resolved', 'resolved', 'resolved', ['opened', 'resolved']],
  ['suspected', 'rejected', 'rejected', 'rejected', []],
  ['confirmed', 'mitigating', 'rule_installed', 'mitigating', []],
  ['confirmed', 'suspected', 'updated', 'confirmed', []],
  ['confirmed', 'rejected', 'rejected', 'rejected', ['resolved']],
  ['mitigating', 'mitigating', 'vector_added', 'mitigating', ['updated']],
  ['mitigating', 'mitigated', 'mitigated', 'mitigated', ['updated']],
  ['mitigating', 'confirmed', 'rule_removed', 'confirmed', []],
  ['mitigated', 'mitigating', 'rule_installed', 'mitigating', []],
  ['mitigated', 'ending', 'ending', 'ending', []],
  ['mitigated', 'suspected', 'updated', 'mitigated', []],
  ['ending', 'mitigating', 'resumed', 'mitigating', ['updated']],
  ['ending', 'resolved', 'resolved', 'resolved', ['resolved']],
  ['resolved', 'resolved', 'evidence_secured', 'resolved', []],
  ['resolved', 'mitigating', 'resumed', 'resolved', []],
  ['resolved', 'rejected', 'rejected', 'resolved', []],
  ['rejected', 'resolved', 'resolved', 'rejected', []],
]

const anyState = fc.constantFrom(...INCIDENT_STATES)
const anyReport = fc.record({
  state: anyState,
  revision: fc.integer({ min: 1, max: 30 }),
  event: fc.constantFrom(...INCIDENT_EVENTS),
})

/** Feeds reports in the given order and gathers everything that was said. */
function run(reports: { state: IncidentState; revision: number; event: IncidentEventKind }[]) {
  let known: KnownIncident | null = null
  const states: IncidentState[] = []
  const said: NotifyEffect[] = []
  for (const report of reports) {
    const decision = decide(known, report)
    if (decision.kind !== 'stale') known = { state: decision.state, revision: report.revision }
    states.push(decision.state)
    said.push(...decision.effects)
  }
  return { states, said, known }
}

describe('decide', () => {
  it.each(TABLE)('%s, node says %s (%s): becomes %s and tells %j', (from, claimed, event, to, effects) => {
    const known = from === null ? null : { state: from, revision: 3 }
    const decision = decide(known, { state: claimed, revision: 4, event })
    expect(decision).toMatchObject({ kind: from === null ? 'open' : 'update', state: to, effects })
  })

  it('records the state it did not follow', () => {
    const decision = decide({ state: 'resolved', revision: 9 }, { state: 'mitigating', revision: 10, event: 'resumed' })
    expect(decision).toMatchObject({ refusedState: 'mitigating' })
  })

  it('gives a report that is not newer no effect', () => {
    fc.assert(
      fc.property(anyState, fc.integer({ min: 1, max: 30 }), anyReport, (state, revision, report) => {
        fc.pre(report.revision <= revision)
        expect(decide({ state, revision }, report)).toEqual({ kind: 'stale', state, effects: [] })
      }),
    )
  })

  it('never leaves a finished state, whatever arrives in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 40 }), (reports) => {
        const { states } = run(reports)
        const end = states.findIndex(isTerminal)
        if (end >= 0) expect(new Set(states.slice(end)).size).toBe(1)
      }),
    )
  })

  it('says opened at most once, resolved at most once and last, and nothing before opened', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 40 }), (reports) => {
        const { said } = run(reports)
        expect(said.filter((effect) => effect === 'opened').length).toBeLessThanOrEqual(1)
        expect(said.filter((effect) => effect === 'resolved').length).toBeLessThanOrEqual(1)
        if (said.length > 0) expect(said[0]).toBe('opened')
        if (said.includes('resolved')) expect(said.at(-1)).toBe('resolved')
      }),
    )
  })

  it('tells everybody who was alerted that it is over, once the incident is over', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 40 }), (reports) => {
        const { said, known } = run(reports)
        if (known !== null && isTerminal(known.state) && said.includes('opened')) expect(said).toContain('resolved')
      }),
    )
  })

  it('ends the same however often reports are repeated', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 20 }), (reports) => {
        const doubled = reports.flatMap((report) => [report, report])
        expect(run(doubled).said).toEqual(run(reports).said)
        expect(run(doubled).known).toEqual(run(reports).known)
      }),
    )
  })
})
