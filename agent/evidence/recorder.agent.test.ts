import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEphemeralKey } from '../identity'
import { udpPacket } from './fixture'
import { createEvidence, type Evidence } from './recorder'
import { freezePackets } from './ring'
import { verifyBundle } from './verify'

const PORT = 5_597
const key = createEphemeralKey()
const incidentId = '019a9f00-0000-7000-8000-000000000001'
const onsetUs = Date.now() * 1_000
const before = Array.from({ length: 4_000 }, (_, i) => udpPacket(onsetUs - (4_000 - i) * 1_000, 96, 400))
const after = Array.from({ length: 1_000 }, (_, i) => udpPacket(onsetUs + i, 96))
const request = { incidentId, onsetUs, packets: freezePackets([...before, ...after]), samplingRate: 50, kernelDrops: 7 }

let stateDir: string
let evidence: Evidence

const create = (more: Partial<Parameters<typeof createEvidence>[0]> = {}): Evidence =>
  createEvidence({
    stateDir,
    nodeId: 'node-1',
    key,
    toolName: 'tidegate',
    toolVersion: '1',
    interfaceName: 'lo',
    captureFilter: `udp port ${PORT}`,
    log: pino({ level: 'silent' }),
    ...more,
  })

async function sendDatagrams(count: number): Promise<void> {
  const socket = createSocket('udp4')
  for (let i = 0; i < count; i++) socket.send(Buffer.alloc(500, i), PORT, '127.0.0.1')
  await new Promise<void>((resolve) => socket.send('last', PORT, '127.0.0.1', () => resolve()))
  socket.close()
  await once(socket, 'close')
}

const openDirectory = () => join(stateDir, 'evidence/open', incidentId)
const captureOf = () => join(openDirectory(), 'capture-001.pcap')

/** Sends until tcpdump, which starts behind `open`, has the attack in its file. */
const recordDatagrams = (): Promise<void> =>
  vi.waitFor(
    async () => {
      await sendDatagrams(200)
      expect(readFileSync(captureOf()).length).toBeGreaterThan(4_096)
    },
    { timeout: 10_000, interval: 100 },
  )

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'evidence-'))
  evidence = create()
})
afterEach(async () => {
  await evidence.abort(incidentId)
  rmSync(stateDir, { recursive: true })
})

describe('evidence of an incident', () => {
  it('is secured with every packet of the ring and says how many are from before onset', async () => {
    expect(await evidence.open(request)).toMatchObject({ packets: 5_000, packetsBeforeOnset: 4_000 })
    await evidence.abort(incidentId)
  })

  it('holds the ring from before onset and the attack as tcpdump saw it, and opens in capinfos and tshark', async () => {
    await evidence.open(request)
    await recordDatagrams()
    const closed = await evidence.close(incidentId)
    expect(await verifyBundle(closed.path, { publicKey: key.publicKey })).toMatchObject({
      ok: true,
      sha256: closed.sha256,
    })
    const [ring, capture] = closed.signed.manifest.files
    expect(ring).toMatchObject({ source: 'ring', packets: 5_000, samplingRate: 50, kernelDrops: 7 })
    expect(capture).toMatchObject({ source: 'capture', timestampResolution: 'ns', snapLength: 128, kernelDrops: 0 })
    expect(capture?.packets).toBeGreaterThan(20)

    const unpacked = join(stateDir, 'unpacked')
    execFileSync('mkdir', [unpacked])
    execFileSync('tar', ['-xf', closed.path, '-C', unpacked])
    const capinfos = execFileSync('capinfos', ['-M', join(unpacked, 'ring.pcapng')], { encoding: 'utf8' })
    expect(capinfos).toMatch(/Number of packets:\s+5000\n/)
    expect(capinfos).toMatch(/microseconds/)
    const fields = ['-T', 'fields', '-e', 'frame.len', '-e', 'ip.src', '-c', '1']
    const tshark = (name: string) =>
      execFileSync('tshark', ['-r', join(unpacked, name), ...fields], { encoding: 'utf8', stdio: 'pipe' }).trim()
    expect(tshark('ring.pcapng')).toBe('400\t198.18.0.1')
    expect(tshark('capture-001.pcap')).toBe('542\t127.0.0.1')
  })

  it('survives a kill in mid-incident: the next start closes the bundle with what was recorded', async () => {
    await evidence.open(request)
    await recordDatagrams()
    // A killed agent closes nothing: a later one finds the files as they stood, the last packet torn.
    const left = readFileSync(captureOf())
    const opening = readFileSync(join(openDirectory(), 'opening.json'))
    const manifest = readFileSync(join(openDirectory(), 'manifest.json'))
    const ring = readFileSync(join(openDirectory(), 'ring.pcapng'))
    await evidence.abort(incidentId)
    execFileSync('mkdir', ['-p', openDirectory()])
    writeFileSync(join(openDirectory(), 'opening.json'), opening)
    writeFileSync(join(openDirectory(), 'manifest.json'), manifest)
    writeFileSync(join(openDirectory(), 'ring.pcapng'), ring)
    writeFileSync(captureOf(), left.subarray(0, left.length - 5))

    const [bundle] = await create().recover()
    expect(bundle).toMatchObject({ incidentId })
    expect(bundle?.signed.manifest.files.map(({ name }) => name)).toEqual(['ring.pcapng', 'capture-001.pcap'])
    expect(bundle?.signed.manifest.packetsBeforeOnset).toBe(4_000)
    expect(bundle?.signed.manifest.files[1]?.kernelDrops).toBeNull()
    expect(await verifyBundle(bundle?.path ?? '')).toMatchObject({ ok: true })
    expect(existsSync(openDirectory())).toBe(false)
    expect(await create().recover()).toHaveLength(1)
  })

  it('survives a kill while the ring is written: what is readable of it is kept and signed', async () => {
    await evidence.open(request)
    const ring = readFileSync(join(openDirectory(), 'ring.pcapng'))
    const opening = readFileSync(join(openDirectory(), 'opening.json'))
    await evidence.abort(incidentId)
    execFileSync('mkdir', ['-p', openDirectory()])
    writeFileSync(join(openDirectory(), 'opening.json'), opening)
    writeFileSync(join(openDirectory(), 'ring.pcapng'), ring)
    truncateSync(join(openDirectory(), 'ring.pcapng'), Math.floor(ring.length / 2))

    const [bundle] = await create().recover()
    expect(bundle?.signed.manifest.files[0]?.packets).toBeGreaterThan(2_000)
    expect(await verifyBundle(bundle?.path ?? '')).toMatchObject({ ok: true })
  })

  it('sets aside what no bundle can be made of, instead of failing at every start', async () => {
    execFileSync('mkdir', ['-p', openDirectory()])
    expect(await create().recover()).toEqual([])
    expect(readdirSync(join(stateDir, 'evidence/damaged'))).toEqual([incidentId])
  })

  it('keeps the ring when the interface cannot be captured, and when the room for bundles is used up', async () => {
    for (const more of [{ interfaceName: 'none0' }, { bytesMax: -1 }]) {
      const poor = create(more)
      await poor.open(request)
      const closed = await poor.close(incidentId)
      expect(closed.signed.manifest.files.map(({ name }) => name)).toEqual(['ring.pcapng'])
      expect(await verifyBundle(closed.path)).toMatchObject({ ok: true })
    }
  })
})
