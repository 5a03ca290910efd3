import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { openAppDb, type Tx } from './pool'
import { createSharedReading } from './shared-reading'

let db: TestDatabase
let own: TestWorkspace
let foreign: TestWorkspace
beforeAll(async () => {
  db = await openTestDatabase()
  own = await createWorkspace(db)
  foreign = await createWorkspace(db)
  await own.addNode('match-01')
  await foreign.addNode('match-01')
})
afterAll(() => db.close())

const share = () => createSharedReading(db.app, own.id)
const transactionOf = async (tx: Tx): Promise<string> => {
  const rows = await tx.$queryRaw<
    { at: Date; pid: number }[]
  >`SELECT transaction_timestamp() AS at, pg_backend_pid() AS pid`
  return JSON.stringify(rows)
}

describe('reading that a request shares', () => {
  it('is one transaction for all that read at once, bound to its workspace', async () => {
    const reading = share()
    const seen = await Promise.all([1, 2, 3].map(() => reading.run(transactionOf)))
    expect(new Set(seen).size).toBe(1)
    const nodes = await reading.run((tx) => tx.node.findMany({ select: { workspaceId: true } }))
    expect(nodes).toEqual([{ workspaceId: own.id }])
  })

  it('ends with the last reader: who reads later has one of its own, and no connection stays taken', async () => {
    const reading = share()
    const first = await reading.run(transactionOf)
    expect(await reading.run(transactionOf)).not.toBe(first)
    await expect.poll(() => db.app.pool.totalCount - db.app.pool.idleCount).toBe(0)
  })

  it('of which one reader throws goes on for the others', async () => {
    const reading = share()
    const [failed, read] = await Promise.allSettled([
      reading.run(() => Promise.reject(new Error('not found'))),
      reading.run(async (tx) => {
        await new Promise((done) => setTimeout(done, 20))
        return tx.node.count()
      }),
    ])
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'not found' } })
    expect(read).toEqual({ status: 'fulfilled', value: 1 })
  })

  it('is refused by the database when it writes', async () => {
    const rename = share().run((tx) => tx.node.updateMany({ data: { name: 'match-02' } }))
    await expect(rename).rejects.toThrow(/read-only transaction/)
  })

  it('tells every reader that no transaction could be opened', async () => {
    const nowhere = openAppDb('postgres://nobody@127.0.0.1:1/nothing')
    const reading = createSharedReading(nowhere, own.id)
    const said = await Promise.allSettled([1, 2].map(() => reading.run((tx) => tx.node.count())))
    expect(said.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await nowhere.close()
  })

  it('reads once what several need alike', async () => {
    const reading = share()
    let reads = 0
    const read = () =>
      reading.run((tx) => {
        reads += 1
        return tx.node.count()
      })
    expect(await Promise.all([reading.once('nodes', read), reading.once('nodes', read)])).toEqual([1, 1])
    expect(reads).toBe(1)
  })
})
