import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const HOLDER = join(import.meta.dirname, '../fixtures/cut-holder.ts')
const SERVER = '203.0.113.11'
const id = `tgt${process.pid}`
const server = `${id}s`
const client = `${id}c`

const ip = (...args: string[]) => execa('ip', args)
const inServer = (...args: string[]) => execa('ip', ['netns', 'exec', server, ...args])
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

/** Sends 4-byte datagrams (UDP length 12) from an address; bounded. */
const send = (from: string, count: number) =>
  execa('ip', [
    'netns',
    'exec',
    client,
    'node',
    '-e',
    `const s=require('dgram').createSocket('udp4');s.bind(0,'${from}',()=>{let n=0;const go=()=>n++<${count}?s.send('abcd',9999,'${SERVER}',go):s.close();go()})`,
  ])

/** Echo server that counts what reaches it and says so on demand. */
async function startEcho() {
  const echo = execa(
    'ip',
    [
      'netns',
      'exec',
      server,
      'node',
      '-e',
      `let n=0;const s=require('dgram').createSocket('udp4');s.on('message',(m,r)=>{n++;s.send(m,r.port,r.address)});s.bind(9999,()=>console.log('up'));process.stdin.on('data',()=>console.log(n))`,
    ],
    { stdin: 'pipe', reject: false },
  )
  running.push(echo)
  await once(echo.stdout, 'data')
  return async (): Promise<number> => {
    const answer = once(echo.stdout, 'data')
    echo.stdin.write('?')
    return Number(String((await answer)[0]))
  }
}

async function startHolder(mode: 'hold' | 'learn') {
  const ledger = join(mkdtempSync(join(tmpdir(), 'cut-')), 'ledger.jsonl')
  const holder = execa('ip', ['netns', 'exec', server, process.execPath, '--import', 'tsx', HOLDER, ledger, mode], {
    stdin: 'pipe',
    reject: false,
  })
  running.push(holder)
  await once(holder.stdout, 'data')
  return { holder, ledger }
}

const aliveElements = async (): Promise<number> => {
  const { stdout } = await inServer('nft', 'list', 'map', 'inet', 'test_cut', 'alive')
  return stdout.match(/expires/g)?.length ?? 0
}

test('rules end by themselves within their timeout when the agent is killed with -9 and nothing restarts it', async () => {
  const received = await startEcho()
  const { holder, ledger } = await startHolder('hold')
  await send('203.0.113.21', 50)
  expect(await received()).toBe(0)
  expect(await aliveElements()).toBe(2)

  holder.kill('SIGKILL')
  const killedAt = Date.now()
  await vi.waitFor(async () => expect(await aliveElements()).toBe(0), { timeout: 5_000, interval: 50 })
  expect(Date.now() - killedAt).toBeLessThan(3_000)
  await send('203.0.113.21', 50)
  expect(await received()).toBe(50)

  const lines = readFileSync(ledger, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map((line) => line.step)).toEqual(['intent', 'applied'])
})

test('a client with ten seconds of two-way traffic passes the cut, a new one with the same packets does not', async () => {
  const received = await startEcho()
  const { holder } = await startHolder('learn')
  const verified = async (): Promise<string> =>
    (await inServer('nft', 'list', 'set', 'inet', 'test_verified', 'verified4')).stdout
  await vi.waitFor(
    async () => {
      await send('203.0.113.21', 5)
      expect(await verified()).toContain('203.0.113.21')
    },
    { timeout: 20_000, interval: 500 },
  )
  const cut = once(holder.stdout, 'data')
  holder.stdin.write('cut')
  await cut
  const before = await received()
  await send('203.0.113.22', 40)
  expect(await received()).toBe(before)
  await send('203.0.113.21', 40)
  expect(await received()).toBe(before + 40)
})

test('rules that a reload of the host’s firewall flushed stand again, and the next cut builds its tables anew', async () => {
  const received = await startEcho()
  const { holder, ledger } = await startHolder('learn')
  await inServer('nft', 'flush', 'ruleset')
  const cut = once(holder.stdout, 'data')
  holder.stdin.write('cut')
  await cut
  await send('203.0.113.21', 50)
  expect(await received()).toBe(0)

  await inServer('nft', 'flush', 'ruleset')
  await vi.waitFor(async () => expect(await aliveElements()).toBe(2), { timeout: 5_000, interval: 50 })
  await send('203.0.113.21', 50)
  expect(await received()).toBe(0)
  expect(readFileSync(ledger, 'utf8')).toContain('somebody removed the rules')
})
