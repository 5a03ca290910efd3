import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ReceivedWebhook } from '../server/testing/webhook-sink'
import { caseName } from './outage-case'
import { faultsOfAlerts } from './outage-check'
import { allCases, coveringCases, type OutageResult, runOutages } from './outage-matrix'

/** A covering sample of `npm run soak -- outages`: real gateway, web, database and link, killed with -9. */

const ROOT = join(import.meta.dirname, '..')
let ran: Awaited<ReturnType<typeof runOutages>>

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outages-'))
  // The database server may run as another user, who must get through.
  chmodSync(folder, 0o755)
  ran = await runOutages(ROOT, folder, coveringCases(), () => {})
}, 240_000)

describe('killed with -9 in the middle of the main job, and started again', () => {
  test.each(coveringCases().map(caseName))('%s: no alert is lost, none repeated without its mark', (name) => {
    const result = ran.results.find((one) => one.name === name) as OutageResult
    expect(result.faults).toEqual([])
  })

  test('no sample is lost or stored twice over all of it', () => {
    expect(ran.sampleFaults).toEqual([])
    expect(ran.samples).toBeGreaterThan(100)
  })

  test('the whole count kills each alone and each two together at every stage', () => {
    const names = allCases().map(caseName)
    expect(new Set(names).size).toBe(80)
    expect(names).toEqual(expect.arrayContaining(coveringCases().map(caseName)))
    expect(new Set(coveringCases().map(({ stage }) => stage)).size).toBe(8)
  })
})

describe('the check of alerts', () => {
  const messages = [
    { id: 'a', kind: 'opened', state: 'sent' },
    { id: 'b', kind: 'resolved', state: 'sent' },
  ]
  const request = (id: string, mayBeRepeat = false) =>
    ({ id, mayBeRepeat, type: id === 'a' ? 'incident.opened' : 'incident.resolved' }) as ReceivedWebhook

  test('finds what is lost, repeated without a mark, unknown or out of order', () => {
    expect(faultsOfAlerts(messages, [request('a'), request('a', true), request('b')])).toEqual([])
    expect(faultsOfAlerts(messages, [request('a')])[0]).toMatch(/'resolved' was lost/)
    expect(faultsOfAlerts(messages, [request('a'), request('a'), request('b')])[0]).toMatch(/without its mark/)
    expect(faultsOfAlerts(messages, [request('a'), request('b'), request('c')])[0]).toMatch(/belong to no message/)
    expect(faultsOfAlerts(messages, [request('b'), request('a')])[0]).toMatch(/told before the beginning/)
    expect(faultsOfAlerts(messages.slice(0, 1), [request('a')])[0]).toMatch(/0 messages 'resolved'/)
  })
})
