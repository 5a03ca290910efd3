import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStand, type Stand } from '../../server/testing/gateway-stand'
import { runTrial } from './trial'

let stand: Stand
beforeAll(async () => {
  stand = await openStand({ LOG_LEVEL: 'info' })
})
afterAll(() => stand.close())

it('bad messages at every door: each gets an error with a type, nothing is stored, the honest node beside loses nothing', async () => {
  const workspace = await stand.addWorkspace()
  const platform = await stand.start('gateway')
  const count = 3_000
  const report = await runTrial({
    stand,
    workspace,
    platform,
    count,
    nodes: 60,
    workers: 6,
    seed: 20_261_121,
    quietMs: 500,
    say: () => {},
  })
  await platform.stop()
  expect(report.wrong).toEqual([])
  expect(report).toMatchObject({ rowsStored: 0, neighbour: { lost: 0 } })
  expect(report.sent).toBeGreaterThanOrEqual(count)
  // Sixty nodes, four doors, a handful of codes: far fewer lines than messages.
  expect(report.auditRows).toBeGreaterThan(60)
  expect(report.auditRows).toBeLessThan(count / 2)
  for (const code of ['bad_message', 'bad_signature', 'sequence_gap', 'in_future', 'bad_token']) {
    expect(report.answers[code], code).toBeGreaterThan(0)
  }
})
