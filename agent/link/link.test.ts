import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PushBody } from '../../wire/messages'
import { createEphemeralKey } from '../identity'
import { backoffMs } from './connection'
import { incidentBody, samplesBody } from './fixture'
import { type Kept, keepNothing, policy, TestGateway } from './gateway-fixture'
import { createLink, type Link, type LinkOptions } from './link'

const key = createEphemeralKey()
const silent = pino({ level: 'silent' })
let root: string
let kept: Kept
let gateway: TestGateway
let links: Link[]

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'link-'))
  kept = keepNothing()
  links = []
  gateway = await TestGateway.open(key.publicKey, kept)
})
afterEach(async () => {
  for (const link of links) await link.stop()
  await gateway.close()
  rmSync(root, { recursive: true, force: true })
})

function start(more: Partial<LinkOptions> = {}, port = gateway.port): Link {
  const link = createLink({
    config: { gatewayUrl: `http://127.0.0.1:${port}`, nodeId: 'node-1', paths: { spool: join(root, 'spool') } },
    key,
    log: silent,
    onPolicy: () => undefined,
    onSchedule: () => undefined,
    onWatch: () => undefined,
    health: () => ({ startedMs: 0, cpuPercent: 0, residentBytes: 0, disk: 'ok' as const }),
    hello: () => ({
      agentVersion: '1',
      hostname: 'match-01',
      kernel: '6',
      level: 'nftables',
      servicePorts: [],
      addresses: [],
    }),
    ...more,
  })
  links.push(link)
  link.start()
  return link
}

const until = (condition: () => unknown, timeout = 5_000) =>
  vi.waitFor(() => expect(condition()).toBeTruthy(), { timeout, interval: 5 })
const revisions = (bodies: PushBody[]) =>
  bodies.flatMap((body) => (body.type === 'incident' ? [body.report.revision] : []))
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('link', () => {
  it('hands over what was pushed before it was connected: incidents first, all in order, once', async () => {
    const link = start()
    const nowMs = Date.now() - 60_000
    for (let i = 0; i < 40; i++) link.push(samplesBody(nowMs + i * 1_000))
    for (const revision of numbers(50)) link.push(incidentBody(revision, 'confirmed'))
    await until(() => link.status().spooled === 0 && link.connected)
    expect(revisions(gateway.bodies)).toEqual(numbers(50))
    const lanes = kept.pushes.map(({ lane }) => lane)
    expect(lanes.indexOf('samples')).toBe(50)
    const times = gateway.bodies.flatMap((body) =>
      body.type === 'samples' ? body.samples.map(({ atMs }) => atMs) : [],
    )
    expect(times).toEqual(Array.from({ length: 40 }, (_, i) => nowMs + i * 1_000))
    expect(lanes.length).toBe(51)
  })

  it('puts an incident on the socket without waiting for the disk', async () => {
    const link = start()
    await until(() => link.connected)
    rmSync(join(root, 'spool'), { recursive: true })
    writeFileSync(join(root, 'spool'), 'no directory any more')
    link.push(incidentBody(1, 'confirmed'))
    await until(() => revisions(gateway.bodies).length === 1)
  })

  it('delivers on its return what happened while the gateway was away', async () => {
    const link = start()
    await until(() => link.connected)
    link.push(incidentBody(1, 'confirmed'))
    const { port } = gateway
    await until(() => revisions(gateway.bodies).length === 1)
    await gateway.close()
    await until(() => !link.connected)
    for (const revision of [2, 3, 4]) link.push(incidentBody(revision, 'confirmed'))
    expect(link.status()).toMatchObject({ connected: false, spooled: 3 })
    gateway = await TestGateway.open(key.publicKey, kept, port)
    await until(() => link.connected && link.status().spooled === 0)
    expect(revisions(gateway.bodies)).toEqual([1, 2, 3, 4])
  })

  it('delivers after a restart of the agent what its predecessor could not', async () => {
    const { port } = gateway
    await gateway.close()
    const first = start({}, port)
    for (const revision of [1, 2]) first.push(incidentBody(revision, 'confirmed'))
    await until(() => first.status().spooled === 2)
    await first.stop()
    gateway = await TestGateway.open(key.publicKey, kept, port)
    const second = start()
    second.push(incidentBody(3, 'resolved'))
    await until(() => second.connected && second.status().spooled === 0)
    expect(revisions(gateway.bodies)).toEqual([1, 2, 3])
  })

  it('sends ten samples together while nobody watches, and each one while somebody does', async () => {
    const link = start()
    await until(() => link.connected)
    const nowMs = Date.now() - 60_000
    for (let i = 0; i < 9; i++) link.push(samplesBody(nowMs + i))
    await until(() => link.status().spooled === 9)
    link.push(samplesBody(nowMs + 9))
    await until(() => kept.pushes.length === 1)
    gateway.io.of('/agent').emit('watch', true)
    link.push(samplesBody(nowMs + 10))
    await until(() => kept.pushes.length === 2)
    expect(gateway.bodies.map((body) => (body.type === 'samples' ? body.samples.length : 0))).toEqual([10, 1])
  })

  it('hands over the policy of the platform, at once and when it changes', async () => {
    const onPolicy = vi.fn()
    const link = start({ onPolicy })
    await until(() => link.connected)
    expect(onPolicy).toHaveBeenLastCalledWith(policy)
    gateway.io.of('/agent').emit('policy', { ...policy, version: 2 })
    await until(() => onPolicy.mock.lastCall?.[0].version === 2)
  })

  it('says which policy it holds once the rules follow it, and not before', async () => {
    const follow: (() => void)[] = []
    const link = start({ onPolicy: () => new Promise<void>((done) => void follow.push(done)) })
    await until(() => link.connected)
    const agents = gateway.io.of('/agent')
    agents.emit('policy', { ...policy, id: 'pol_1', stoppedUntilMs: 9_000 })
    await until(() => follow.length === 2)
    expect(gateway.held).toEqual([])
    for (const done of follow) done()
    // The first policy had no id: an older gateway does not ask.
    await until(() => gateway.held.length > 0)
    expect(gateway.held).toEqual([{ id: 'pol_1', stoppedUntilMs: 9_000 }])
  })

  it('says nothing of it to a gateway of version 1, and nothing where the rules do not follow', async () => {
    gateway.version = 1
    const onPolicy = vi.fn<(given: { version: number }) => Promise<void>>(async () => undefined)
    const link = start({ onPolicy })
    await until(() => link.connected)
    gateway.io.of('/agent').emit('policy', { ...policy, id: 'pol_1' })
    await until(() => onPolicy.mock.calls.length === 2)
    gateway.version = 2
    gateway.io.of('/agent').disconnectSockets(true)
    await until(() => onPolicy.mock.calls.length === 3)
    onPolicy.mockRejectedValueOnce(new Error('the kernel refused'))
    gateway.io.of('/agent').emit('policy', { ...policy, id: 'pol_2' })
    gateway.io.of('/agent').emit('policy', { ...policy, id: 'pol_3' })
    await until(() => gateway.held.length > 0)
    expect(gateway.held).toEqual([{ id: 'pol_3', stoppedUntilMs: null }])
  })

  it('keeps the last policy where one comes that cannot be one: nothing of it reaches the rules', async () => {
    const onPolicy = vi.fn()
    const link = start({ onPolicy })
    await until(() => link.connected)
    for (const part of [{ friends: ['192.0.2.0/24 } drop'] }, { certain: 'kill' }, { vectors: { nonsense: 'drop' } }])
      gateway.io.of('/agent').emit('policy', { ...policy, ...part } as never)
    gateway.io.of('/agent').emit('policy', { ...policy, version: 2 })
    await until(() => onPolicy.mock.lastCall?.[0].version === 2)
    expect(onPolicy).toHaveBeenCalledTimes(2)
  })

  it('hands over when a larger audience is expected, from the welcome and when it changes, and nothing unreadable', async () => {
    const windowOf = (audienceTimes: number) => ({ windows: [{ fromMs: 1_000, untilMs: 2_000, audienceTimes }] })
    gateway.schedule = windowOf(8)
    const onSchedule = vi.fn()
    const link = start({ onSchedule })
    await until(() => link.connected)
    const agents = gateway.io.of('/agent')
    agents.emit('schedule', windowOf(0.5))
    agents.emit('schedule', { windows: null } as never)
    agents.emit('schedule', windowOf(3))
    await until(() => onSchedule.mock.calls.length === 2)
    expect(onSchedule.mock.calls).toEqual([[windowOf(8)], [windowOf(3)]])
  })

  it('says how the process fares once it is welcome, and to a gateway of version 1 nothing', async () => {
    gateway.version = 1
    const link = start({ health: () => ({ startedMs: 5, cpuPercent: 0.1, residentBytes: 7, disk: 'refused' }) })
    await until(() => link.connected)
    gateway.version = 2
    gateway.io.of('/agent').disconnectSockets(true)
    await until(() => gateway.health.length > 0)
    expect(gateway.health).toEqual([{ startedMs: 5, cpuPercent: 0.1, residentBytes: 7, disk: 'refused', spooled: 0 }])
    expect(gateway.connections).toBe(2)
  })

  it('a welcome that says nothing of an audience leaves what was said before', async () => {
    const onSchedule = vi.fn()
    const link = start({ onSchedule })
    await until(() => link.connected)
    expect(onSchedule).not.toHaveBeenCalled()
  })

  it.each([
    ['revoked', /Enrol this node again/],
    ['clock_skew', /Correct the clock/],
    ['unknown_version', /Update the agent/],
  ] as const)('says what to do about %s, once, and stops asking fast', async (code, advice) => {
    gateway.refusal = { code, message: 'Refused.' }
    const warn = vi.fn()
    vi.spyOn(globalThis, 'setTimeout')
    start({ log: Object.assign(Object.create(silent), { warn }) })
    await until(() => warn.mock.calls.length > 0)
    expect(warn.mock.calls[0]?.[1]).toMatch(advice)
    const delays = vi.mocked(setTimeout).mock.calls.map(([, ms]) => ms ?? 0)
    expect(Math.max(...delays)).toBeGreaterThanOrEqual(60_000)
    expect(gateway.connections).toBe(1)
    vi.restoreAllMocks()
  })

  it('waits between tries longer and longer, never the same for all nodes', () => {
    expect(backoffMs(0, 0)).toBe(250)
    expect(backoffMs(0, 1)).toBe(500)
    expect(backoffMs(50, 1)).toBe(20_000)
    expect(backoffMs(50, 0)).toBe(10_000)
  })
})

describe('evidence upload', () => {
  const bytes = Buffer.alloc(300_000, 'evidence')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const bundle = () => {
    const path = join(root, `${sha256}.tar`)
    writeFileSync(path, bytes)
    return { path, sha256 }
  }

  it('waits until the incident is over, then the local copy goes', async () => {
    const link = start()
    await until(() => link.connected)
    link.push(incidentBody(1, 'mitigating'))
    const { path } = bundle()
    link.uploadBundle({ path, sha256 })
    await until(() => link.status().spooled === 0)
    expect(kept.bundles.size).toBe(0)
    link.push(incidentBody(2, 'resolved'))
    await until(() => !existsSync(path))
    expect(kept.bundles.get(sha256)?.equals(bytes)).toBe(true)
  })

  it('goes on where a broken upload ended', { timeout: 15_000 }, async () => {
    gateway.breakUploadAt = 100_000
    const onUploaded = vi.fn()
    const link = start({ onUploaded })
    await until(() => link.connected)
    const { path } = bundle()
    link.uploadBundle({ path, sha256 })
    await until(() => (kept.bundles.get(sha256)?.length ?? 0) >= 100_000)
    expect(existsSync(path)).toBe(true)
    gateway.breakUploadAt = null
    await until(() => onUploaded.mock.calls.length > 0, 10_000)
    expect(onUploaded).toHaveBeenCalledWith({ path, sha256 })
    expect(existsSync(path)).toBe(false)
    expect(kept.bundles.get(sha256)?.equals(bytes)).toBe(true)
  })

  it('sends a large bundle in parts that any proxy lets through', { timeout: 15_000 }, async () => {
    const large = Buffer.alloc(5 * 1024 ** 2, 'large')
    const hash = createHash('sha256').update(large).digest('hex')
    const path = join(root, `${hash}.tar`)
    writeFileSync(path, large)
    const link = start()
    await until(() => link.connected)
    link.uploadBundle({ path, sha256: hash })
    await until(() => !existsSync(path), 10_000)
    expect(kept.bundles.get(hash)?.equals(large)).toBe(true)
    expect(gateway.requestBytesMax).toBeLessThan(4.5 * 1024 ** 2)
  })

  it('keeps the local copy when the platform returns another hash', async () => {
    gateway.hashToReturn = '0'.repeat(64)
    const warn = vi.fn()
    const link = start({ log: Object.assign(Object.create(silent), { warn }) })
    await until(() => link.connected)
    const { path } = bundle()
    link.uploadBundle({ path, sha256 })
    await until(() => warn.mock.calls.some(([, text]) => /returned another hash/.test(text)))
    expect(existsSync(path)).toBe(true)
  })
})
