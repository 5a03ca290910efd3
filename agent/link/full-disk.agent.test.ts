import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEphemeralKey } from '../identity'
import { incidentBody, samplesBody } from './fixture'
import { keepNothing, TestGateway } from './gateway-fixture'
import { createLink, type Link } from './link'

/** A disk of its own that is really full; needs root. Floods on one: `npm run soak -- full-disk`. */

const key = createEphemeralKey()
let disk: string
let link: Link | null = null

beforeEach(async () => {
  disk = mkdtempSync(join(tmpdir(), 'full-disk-'))
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk])
})
afterEach(async () => {
  await link?.stop()
  await execa('umount', ['--lazy', disk])
  rmSync(disk, { recursive: true })
})

function start(port: number): Link {
  link = createLink({
    config: { gatewayUrl: `http://127.0.0.1:${port}`, nodeId: 'node-1', paths: { spool: join(disk, 'spool') } },
    key,
    log: pino({ level: 'silent' }),
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
  })
  return link
}

/** Takes every byte that is left. */
function fill(): void {
  const file = openSync(join(disk, 'filler'), 'w')
  for (const bytes of [1024 ** 2, 4_096]) {
    try {
      for (;;) if (writeSync(file, Buffer.alloc(bytes)) < bytes) break
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(file)
}

const SAMPLES = { old: 12_000, fresh: 1_000 }
const REPORTS = 3_000

test('on a full disk the oldest samples go first, incidents never, and the platform is told', {
  timeout: 60_000,
}, async () => {
  const baseMs = Date.now() - 20_000_000
  const away = start(9)
  for (let i = 0; i < SAMPLES.old; i++) away.push(samplesBody(baseMs + i * 1_000))
  expect(away.status().diskFull).toBe(false)
  fill()
  for (let i = 0; i < SAMPLES.fresh; i++) away.push(samplesBody(baseMs + (SAMPLES.old + i) * 1_000))
  for (let revision = 1; revision <= REPORTS; revision++) away.push(incidentBody(revision, 'mitigating'))
  expect(away.status().diskFull).toBe(true)
  expect(await away.settled()).toBe(true)
  await away.stop()

  const kept = keepNothing()
  const gateway = await TestGateway.open(key.publicKey, kept)
  const back = start(gateway.port)
  back.start()
  await vi.waitFor(() => expect(back.status()).toMatchObject({ connected: true, spooled: 0 }), { timeout: 40_000 })
  await gateway.close()
  const bodies = kept.pushes.map(({ body }) => body)
  const revisions = bodies.flatMap((body) => (body.type === 'incident' ? [body.report.revision] : []))
  expect(revisions).toEqual(Array.from({ length: REPORTS }, (_, i) => i + 1))
  const seconds = bodies.flatMap((body) =>
    body.type === 'samples' ? body.samples.map(({ atMs }) => (atMs - baseMs) / 1_000) : [],
  )
  const [first = 0] = seconds
  expect(first).toBeGreaterThan(0)
  const all = SAMPLES.old + SAMPLES.fresh
  expect(seconds).toEqual(Array.from({ length: all - first }, (_, i) => first + i))
  expect(bodies.find(({ type }) => type === 'notice')).toMatchObject({ notice: { kind: 'disk_full' } })
})
