import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FullDisk, floodOnFullDisk, mountSmallDisk } from './disk-full'
import { type FloodOutcome, floodWithOutage } from './outage-floods'
import { closeStand, openStand } from './stand'

/** Real floods of the `outages` soak that a change breaks first; one lab for both. */

const ROOT = join(import.meta.dirname, '..')
const NAME = 'outage-test'
let outage: FloodOutcome
let full: FullDisk
let unmount = async (): Promise<void> => {}

beforeAll(async () => {
  unmount = await mountSmallDisk(ROOT, NAME)
  const stand = await openStand(ROOT, 2, () => {}, NAME)
  try {
    outage = await floodWithOutage(stand, { victims: ['database'], how: 'killed' })
    full = await floodOnFullDisk(stand)
  } finally {
    await closeStand(stand)
  }
}, 300_000)
afterAll(() => unmount())

test('with the database gone for 10 s in mid-flood the incident keeps its times, alerts once, and no sample is lost', () => {
  expect(outage.faults).toEqual([])
  expect(outage.samples.stored).toBeGreaterThan(20)
  expect(outage.result.measured.droppedShareSinceRule).toBeGreaterThanOrEqual(0.99)
})

test('on a full disk mitigation goes on, and the incident arrives whole', () => {
  const { result } = full
  expect(result.measured.droppedShareSinceRule).toBeGreaterThanOrEqual(0.99)
  expect(result).toMatchObject({ incidents: 1, incident: { state: 'resolved' }, rulesLeft: 0 })
  expect(result.measured.alertsOpened).toBe(1)
  expect(result.evidence).toMatchObject({ verified: true })
})

test('on a full disk the oldest samples go first, and none behind them', () => {
  const { stored, first, last } = full.samples
  expect(first).toBeGreaterThan(0)
  expect(stored).toBe(last - first + 1)
})

test('a full disk is said by status and to the platform', () => {
  expect(full.said).toMatch(/full: the oldest samples are let go, incidents are kept/)
  expect(full.audit).toContain('node.disk_full')
})
