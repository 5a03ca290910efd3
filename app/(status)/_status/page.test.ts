import { expect, test } from 'vitest'
import type { PublicStatusPage } from '@/server/services/status-pages/get-public'
import { renderStatusPage } from './page'
import { answer } from './view'

type Incident = PublicStatusPage['incidents'][number]

const incident: Incident = {
  id: 'inc_1',
  state: 'mitigated',
  components: ['Second stage'],
  openedMs: 1_000,
  mitigatedMs: 2_000,
  endingMs: null,
  resolvedMs: null,
  updatedMs: 2_000,
}
const status: PublicStatusPage = {
  slug: 'finals',
  title: 'Autumn <Finals>',
  state: 'under_mitigation',
  components: [
    { name: 'Main stage', state: 'operational' },
    { name: 'Second stage', state: 'under_mitigation' },
  ],
  incidents: [incident],
}

test('the worst component gives the answer', () => {
  expect(answer(status).headline).toBe('An attack on Second stage is held off')
  const worse = {
    ...status,
    incidents: [incident, { ...incident, state: 'confirmed' as const, components: ['Main stage'] }],
  }
  expect(answer(worse)).toMatchObject({ state: 'attack', headline: 'Main stage is under attack' })
  expect(answer({ ...status, incidents: [] }).headline).toBe('Everything is running normally')
})

test('players are called unaffected only once that was measured', () => {
  const dropping = { ...status, incidents: [{ ...incident, state: 'mitigating' as const, mitigatedMs: null }] }
  expect(answer(dropping).state).toBe('attack')
  expect(answer(dropping).detail).not.toContain('not affected')
})

test('what is over is not going on', () => {
  const over = { ...status, incidents: [{ ...incident, state: 'resolved' as const, resolvedMs: 33_000 }] }
  const page = renderStatusPage({ status: over, slug: 'finals', nowMs: 50_000, refreshes: true })
  expect(page).not.toContain('Going on')
  expect(page).toContain('for 32 s')
})

test('the page has no script, sets nothing and escapes names', () => {
  const page = renderStatusPage({ status, slug: 'finals', nowMs: 5_000, refreshes: true })
  expect(page).not.toMatch(/<script|javascript:| on\w+=/i)
  expect(page).toContain('Autumn &lt;Finals&gt;')
  expect(page).not.toContain('<Finals>')
})

test('the answer stands before everything but the title', () => {
  const page = renderStatusPage({ status, slug: 'finals', nowMs: 5_000, refreshes: false })
  expect(page.indexOf('class="headline"')).toBeLessThan(page.indexOf('<h2>'))
  expect(page).not.toContain('http-equiv="refresh"')
})
