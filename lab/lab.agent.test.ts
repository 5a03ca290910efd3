import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from './clock'
import { openLab, sweepStaleRuns } from './lab'
import { runInside } from './network'
import { assertInsideLab, namespaceName, readRunFiles } from './run-file'
import { ROLES } from './topology'

const folder = fileURLToPath(new URL('.', import.meta.url))
const open: { close: () => void }[] = []
afterEach(() => {
  for (const lab of open.splice(0)) lab.close()
})

const rootLinks = async () => (await execa('ip', ['-br', 'link'])).stdout
const namespacesOf = (id: string) => readdirSync('/run/netns').filter((name) => name.startsWith(`lab-${id}-`))

async function labOfAnotherProcess(): Promise<{ id: string; child: ReturnType<typeof spawn> }> {
  const script = `import('${folder}lab.ts').then(async ({ openLab }) => { for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1)); const lab = await openLab(); setInterval(() => {}, 1000); console.log(lab.id) })`
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [id] = (await once(child.stdout!, 'data')) as [Buffer]
  return { id: String(id).trim(), child }
}

describe('a run of the lab', () => {
  test('adds nothing to the machine’s own network, joins players to servers, and leaves nothing', async () => {
    const before = await rootLinks()
    const lab = await openLab()
    open.push(lab)
    expect(await rootLinks()).toBe(before)
    const probe = `const s=require('net').connect({host:'203.0.113.11',port:9,localAddress:'198.51.100.11'});s.on('error',e=>{console.log(e.code);process.exit()})`
    expect(await runInside(lab.id, 'players', process.execPath, ['-e', probe])).toBe('ECONNREFUSED')
    lab.close()
    expect(namespacesOf(lab.id)).toEqual([])
    expect(readRunFiles().map(({ id }) => id)).not.toContain(lab.id)
    expect(await rootLinks()).toBe(before)
  })

  test('two runs stand beside each other, unless they would share something', async () => {
    const one = await openLab({ holds: ['/x'] })
    open.push(one)
    const two = await openLab()
    open.push(two)
    expect(namespacesOf(two.id)).toHaveLength(ROLES.length)
    await expect(openLab({ holds: ['/x'] })).rejects.toThrow(`another run (${one.id}`)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s takes it down with every process in it', async (signal) => {
    const { id, child } = await labOfAnotherProcess()
    const inside = spawn('ip', ['netns', 'exec', namespaceName(id, 'players'), 'sleep', '60'])
    child.kill(signal)
    await once(child, 'exit')
    expect(namespacesOf(id)).toEqual([])
    await until('the process inside to end', () => (inside.exitCode ?? inside.signalCode) || null, { timeoutMs: 5_000 })
  })

  test('what a killed run left is swept by the next, a living one is left alone', async () => {
    const { id, child } = await labOfAnotherProcess()
    expect(sweepStaleRuns()).not.toContain(id)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(namespacesOf(id)).toHaveLength(ROLES.length)
    expect(sweepStaleRuns()).toContain(id)
    expect(namespacesOf(id)).toEqual([])
  })
})

describe('a generator', () => {
  test('refuses to run in the machine’s own network', () => {
    expect(() => assertInsideLab('attacker')).toThrow('refused')
  })

  test('refuses a namespace that another made, and one of the lab that is not the attacker’s', async () => {
    const lab = await openLab()
    open.push(lab)
    const script = `import('${folder}run-file.ts').then(({ assertInsideLab }) => assertInsideLab('attacker')).then(() => console.log('ran'), (error) => console.log(error.message))`
    const node = [process.execPath, '--import', 'tsx', '-e', script]
    const inside = async (...prefix: string[]) => (await execa(prefix[0]!, [...prefix.slice(1), ...node])).stdout
    expect(await inside('ip', 'netns', 'exec', lab.namespace('attacker'))).toBe('ran')
    expect(await inside('ip', 'netns', 'exec', lab.namespace('players'))).toContain('refused')
    expect(await inside('unshare', '--net')).toContain('refused')
    expect(existsSync(`/run/netns/${lab.namespace('attacker')}`)).toBe(true)
  })
})
