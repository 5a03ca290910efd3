import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSession } from '../auth/check-credentials'
import { createSealer, settingsPlace } from '../core/seal'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { ensureMailDestination } from './first-destination'
import { ensureFirstWorkspace, FIRST_EMAIL, readUnshown, renewPassword } from './first-run'

let database: TestDatabase
let folder: string
beforeEach(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'first-run-'))
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

const unshown = () => join(folder, 'first-sign-in.json')
const ensure = (email?: string) => ensureFirstWorkspace(database.owner, { unshown: unshown(), email })
const signIn = (credentials: object) =>
  openSession({ db: database.app, credentials, host: 'security.example.org', address: '198.51.100.9' })

describe('the first start', () => {
  test('leaves a sign-in that works and only we can read; the next start changes nothing', async () => {
    expect(await ensure()).toBe(true)
    const { email, password, enrol } = readUnshown(unshown())!
    expect(email).toBe(FIRST_EMAIL)
    expect(await signIn({ email, password })).not.toBeNull()
    expect(statSync(unshown()).mode & 0o777).toBe(0o600)
    expect(await ensure('somebody@else.example')).toBe(false)
    expect(readUnshown(unshown())).toEqual({ email, password, enrol })
    const [{ count }] = (await database.sql('SELECT count(*)::int AS count FROM user_account')) as [{ count: number }]
    expect(count).toBe(1)
  })

  test('keeps neither password nor token in clear', async () => {
    await ensure()
    const { password, enrol } = readUnshown(unshown())!
    const rows = await database.sql(
      "SELECT coalesce(string_agg(u::text, ''), '') || (SELECT string_agg(t::text, '') FROM enrolment_token t) AS text FROM user_account u",
    )
    expect(rows[0]?.text).not.toContain(password)
    expect(rows[0]?.text).not.toContain(enrol.token)
  })

  test('of two at once one makes the workspace', async () => {
    expect((await Promise.all([ensure(), ensure()])).sort()).toEqual([false, true])
  })
})

test('a new password replaces the old one and ends its sessions', async () => {
  await ensure()
  const { email, password } = readUnshown(unshown())!
  await signIn({ email, password })
  const renewed = await renewPassword(database.owner)
  expect(await signIn({ email, password })).toBeNull()
  expect(await database.sql('SELECT FROM session WHERE revoked_at IS NULL')).toEqual([])
  expect(await signIn(renewed)).not.toBeNull()
})

describe('with a mail server', () => {
  const sealer = createSealer(['a key of at least thirty-two characters'])

  test('the owner becomes the first destination, once', async () => {
    await ensure('ann@league.example')
    expect(await ensureMailDestination(database.owner, sealer)).toBeNull()
    expect(await ensureMailDestination(database.owner, sealer)).toBeNull()
    const destinations = await database.owner.prisma.destination.findMany()
    expect(destinations).toMatchObject([{ channel: 'email', enabled: true }])
    const { workspaceId, id, settings } = destinations[0]!
    expect(JSON.stringify(settings)).not.toContain('ann@')
    expect(sealer.open(settings, settingsPlace(workspaceId, id))).toEqual({ recipients: ['ann@league.example'] })
  })

  test('an owner without an address that takes mail is said, and nothing is sent to nowhere', async () => {
    await ensure()
    expect(await ensureMailDestination(database.owner, sealer)).toContain('takes no mail')
    expect(await database.owner.prisma.destination.count()).toBe(0)
  })
})
