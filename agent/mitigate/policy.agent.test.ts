import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

const HOLDER = join(import.meta.dirname, '../fixtures/policy-holder.ts')
const SERVER = '203.0.113.11'
const id = `tgp${process.pid}`
const server = `${id}s`
const client = `${id}c`
const STRANGER = '203.0.113.21'
const FRIEND = '203.0.113.22'

const ip = (...args: string[]) => execa('ip', args)
const running: { kill(signal: NodeJS.Signals): boolean }[] = []

beforeEach(async () => {
  for (const name of [server, client]) await ip('netns', 'add', name)
  await ip('-n', server, 'link', 'add', 'e0', 'type', 'veth', 'peer', 'name', 'e0', 'netns', client)
  await ip('-n', server, 'address', 'add', `${SERVER}/24`, 'dev', 'e0')
  for (const last of [21, 22]) await ip('-n', client, 'address', 'add', `203.0.113.${last}/24`, 'dev', 'e0')
  for (const name of [server, client]) await ip('-n', name, 'link', 'set', 'e0', 'up')
})
afterEach(async () => {
  for (const one of running.splice(0)) one.kill('SIGKILL')
  for (const name of [server, client]) await execa('ip', ['netns', 'delete', name], { reject: false })
})

const inNode = (space: string, code: string) =>
  execa('ip', ['netns', 'exec', space, 'node', '-e', code], { stdin: 'pipe', reject: false })

/** Sends datagrams from an address and port; bounded. */
const send = (from: string, count: number, port = 0) =>
  inNode(
    client,
    `const s=require('dgram').createSocket('udp4');s.bind(${port},'${from}',()=>{let n=0;const go=()=>n++<${count}?s.send('abcd',9999,'${SERVER}',go):s.close();go()})`,
  )

/** A server that answers nobody, so that nobody is verified, and says what reached it since it was asked last. */
async function startServer() {
  const child = inNode(
    server,
    `let n=0;const s=require('dgram').createSocket('udp4');s.on('message',()=>{n++});s.bind(9999,()=>console.log('up'));process.stdin.on('data',()=>{console.log(n);n=0})`,
  )
  running.push(child)
  await once(child.stdout, 'data')
  return async (): Promise<number> => {
    const answer = once(child.stdout, 'data')
    child.stdin.write('?')
    return Number(String((await answer)[0]))
  }
}

async function startHolder() {
  const ledger = join(mkdtempSync(join(tmpdir(), 'policy-')), 'ledger.jsonl')
  const holder = execa('ip', ['netns', 'exec', server, process.execPath, '--import', 'tsx', HOLDER, ledger], {
    stdin: 'pipe',
    reject: false,
  })
  running.push(holder)
  await once(holder.stdout, 'data')
  /** Goes by this policy from now on; what its rules have hit. */
  return async (policy: object): Promise<Record<string, number>> => {
    const answer = once(holder.stdout, 'data')
    holder.stdin.write(`${JSON.stringify(policy)}\n`)
    return JSON.parse(String((await answer)[0])) as Record<string, number>
  }
}

test('in mid-attack the kernel follows each policy: kill switch, vectors set apart, friends; counts stay apart', async () => {
  const received = await startServer()
  const goBy = await startHolder()
  await send(STRANGER, 100, 5353)
  expect(await received()).toBe(0)
  await send(STRANGER, 100)
  expect(await received()).toBeLessThan(20)

  const before = await goBy({ stoppedUntilMs: Date.now() + 60_000 })
  expect(before.c1).toBe(100)
  await send(STRANGER, 100, 5353)
  await send(STRANGER, 100)
  expect(await received()).toBe(200)

  const after = await goBy({ vectors: { dns_amp: 'observe' } })
  // What only counted is not added to what was dropped, and each packet is counted once.
  expect(after).toMatchObject({ c1: 100, 'c1-count': 100, 'c2-count': 100 })
  await send(STRANGER, 100, 5353)
  expect(await received()).toBe(100)
  await send(STRANGER, 100)
  expect(await received()).toBeLessThan(20)

  await goBy({ friends: [`${FRIEND}/32`, '2001:db8::/32'] })
  await send(FRIEND, 100)
  expect(await received()).toBe(100)
  await send(STRANGER, 100)
  expect(await received()).toBeLessThan(20)
  await send(FRIEND, 100, 5353)
  expect(await received()).toBe(0)
})
