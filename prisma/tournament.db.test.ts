import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyPassword } from '../server/auth/password'
import { findUserForSignIn } from '../server/db/doors'
import { enrolNode } from '../server/services/nodes/enrol'
import { getPublicStatusPage } from '../server/services/status-pages/get-public'
import { openTestDatabase, type TestDatabase } from '../server/testing/database'
import { seedTournament } from './tournament'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

it('seeding twice makes one workspace, and each time tokens and a password that work', async () => {
  const settingsKeys = ['a key of this test, thirty-two characters']
  const seed = (webhookUrl: string) =>
    seedTournament(db.owner, { webhookUrl, mailTo: 'owner@league.example', settingsKeys })
  const first = await seed('http://192.0.2.1/')
  const second = await seed('http://192.0.2.2/')
  expect(second.workspaceId).toBe(first.workspaceId)
  expect(second.webhook).toEqual(first.webhook)
  expect(second.email).toEqual(first.email)
  for (const { nodeName, token } of [...first.enrolmentTokens, ...second.enrolmentTokens]) {
    const input = { token, publicKey: token.slice(-32).padEnd(43, 'A'), hostname: nodeName, agentVersion: '0.1.0' }
    expect(await enrolNode({ db: db.app, input })).toMatchObject({ nodeName, workspaceId: first.workspaceId })
  }
  const user = await findUserForSignIn(db.app, second.owner.email)
  expect(await verifyPassword(second.owner.password, user?.passwordHash ?? null)).toBe(true)
  const page = await getPublicStatusPage({ db: db.app, slug: second.statusPageSlug })
  expect(page?.components.map(({ name }) => name)).toEqual(['Match 1', 'Match 2'])
  expect(await db.sql('SELECT name FROM node ORDER BY name')).toEqual([{ name: 'match-01' }, { name: 'match-02' }])
})
