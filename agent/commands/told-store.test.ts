import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { Policy, Schedule } from '../../wire/messages'
import { createDisk } from '../disk'
import { DEFAULT_POLICY } from '../judge/policy'
import { createToldStore } from './told-store'

const place = () => join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.json')
const disk = () => createDisk(pino({ level: 'silent' }))
const open = (path: string) => createToldStore('policy', path, Policy, disk())

it('a restarted agent goes by the policy that the platform told last, kill switch and friends with it', () => {
  const path = place()
  const policy: Policy = {
    ...DEFAULT_POLICY,
    id: 'pol_1',
    vectors: { dns_amp: 'observe' },
    friends: ['192.0.2.0/24'],
    stoppedUntilMs: 1_800_000_000_000,
  }
  expect(open(path).read()).toBeNull()
  open(path).keep(policy)
  expect(open(path).read()).toEqual(policy)
})

it.each(['', 'null', '{"certain":"drop"}', JSON.stringify({ ...DEFAULT_POLICY, friends: ['0/0 } drop'] })])(
  'what cannot be a policy is none: %j',
  (text) => {
    const path = place()
    writeFileSync(path, text)
    expect(open(path).read()).toBeNull()
  },
)

it('a restarted agent expects the audience that it was told of', () => {
  const path = place()
  const store = () => createToldStore('schedule', path, Schedule, disk())
  const schedule = { windows: [{ fromMs: 1, untilMs: 2, audienceTimes: 8 }] }
  store().keep(schedule)
  expect(store().read()).toEqual(schedule)
})
