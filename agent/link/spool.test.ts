import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeFrame, scanFrames } from './frame'
import { openSpool, type Spool, type SpoolOptions } from './spool'

const log = pino({ level: 'silent' })
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spool-'))
})
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close()
  rmSync(root, { recursive: true, force: true })
})

const opened: Spool[] = []
/** The file of the record with ordinal 1, when each has a file of its own. */
const FULL_FILE = '0000000000000001.log'
const open = async (more: Partial<SpoolOptions> = {}) => {
  const spool = await openSpool({
    directory: join(root, 'lane'),
    name: 'test',
    bytesMax: null,
    memoryMax: 1e6,
    sync: false,
    log,
    ...more,
  })
  opened.push(spool)
  return spool
}
const bodies = async (spool: Awaited<ReturnType<typeof open>>, from = 0) =>
  (await spool.read(from, 1e6)).map(({ body }) => body)
const files = () => readdirSync(join(root, 'lane')).filter((name) => name.endsWith('.log'))

describe('spool frames', () => {
  const anyFrames = fc.array(fc.record({ seq: fc.nat(), body: fc.string({ unit: 'binary', maxLength: 60 }) }), {
    maxLength: 20,
  })

  it('read back as written, up to where the file is torn', () => {
    fc.assert(
      fc.property(anyFrames, fc.double({ min: 0, max: 1, noNaN: true }), (frames, share) => {
        const encoded = frames.map(encodeFrame)
        const whole = Buffer.concat(encoded)
        expect(scanFrames(whole)).toEqual({ frames, wholeBytes: whole.length })
        const torn = scanFrames(whole.subarray(0, Math.floor(whole.length * share)))
        expect(torn.frames).toEqual(frames.slice(0, torn.frames.length))
        expect(torn.wholeBytes).toBe(Buffer.concat(encoded.slice(0, torn.frames.length)).length)
      }),
    )
  })

  it('never give back a damaged record', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (body, position) => {
        const bytes = encodeFrame({ seq: 3, body })
        const bit = position % (bytes.length * 8)
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(scanFrames(bytes).frames).toEqual([])
      }),
    )
  })
})

describe('spool', () => {
  it('keeps records over restarts, in order, across many files', async () => {
    const options = { segmentBytes: 500 }
    let spool = await open(options)
    for (let i = 0; i < 300; i++) {
      expect(spool.append(`record ${i}`, i % 3)).toBe(i)
      if (i % 20 === 19) await spool.settled()
      if (i % 100 === 99) spool = await open(options)
    }
    await spool.settled()
    expect(files().length).toBeGreaterThan(3)
    expect(await bodies(await open(options))).toEqual(Array.from({ length: 300 }, (_, i) => `record ${i}`))
    expect((await (await open(options)).read(7, 2)).map(({ ordinal, seq }) => [ordinal, seq])).toEqual([
      [7, 1],
      [8, 2],
    ])
  })

  it('cuts off a torn tail and goes on behind the last whole record', async () => {
    const spool = await open()
    for (const body of ['one', 'two', 'three']) spool.append(body, 0)
    await spool.settled()
    const [name] = files()
    const path = join(root, 'lane', name ?? '')
    truncateSync(path, readFileSync(path).length - 2)
    const again = await open()
    expect(again.end).toBe(2)
    again.append('four', 0)
    await again.settled()
    expect(await bodies(await open())).toEqual(['one', 'two', 'four'])
    appendFileSync(path, Buffer.alloc(5, 1))
    expect(await bodies(await open())).toEqual(['one', 'two', 'four'])
  })

  it('lets go of files that the gateway has', async () => {
    const spool = await open({ segmentBytes: 100 })
    for (let i = 0; i < 50; i++) {
      spool.append(`record ${i}`, 0)
      await spool.settled()
    }
    const before = files().length
    await spool.keepCursor({ seq: 9, ordinal: 40, sent: [] })
    expect(files().length).toBeLessThan(before / 2)
    const again = await open({ segmentBytes: 100 })
    expect(again.cursor).toEqual({ seq: 9, ordinal: 40, sent: [] })
    expect((await bodies(again, 40))[0]).toBe('record 40')
  })

  it('stays below its size by letting the oldest go, but not what is on its way', async () => {
    const spool = await open({ segmentBytes: 100, bytesMax: 1_000 })
    for (let i = 0; i < 20; i++) {
      spool.append(`record ${i}`, 0)
      await spool.settled()
    }
    await spool.keepCursor({ seq: 0, ordinal: 0, sent: [{ seq: 1, start: 0, end: 4 }] })
    for (let i = 20; i < 200; i++) {
      spool.append(`record ${i}`, 0)
      await spool.settled()
    }
    const left = await bodies(await open())
    expect(left.slice(0, 4)).toEqual(['record 0', 'record 1', 'record 2', 'record 3'])
    expect(left.at(-1)).toBe('record 199')
    expect(left.length).toBeLessThan(60)
  })

  it('goes on in memory while the disk refuses, says so once, and writes what waited when it may', async () => {
    const error = vi.fn()
    const spool = await open({ segmentBytes: 1, log: Object.assign(Object.create(log), { error }) })
    spool.append('one', 0)
    await spool.settled()
    renameSync(join(root, 'lane'), join(root, 'away'))
    spool.append('two', 0)
    await spool.settled()
    spool.append('three', 0)
    await spool.settled()
    expect(error).toHaveBeenCalledTimes(1)
    expect(error.mock.calls[0]?.[0]).toMatch(/goes on in memory.*Make room on the disk/)
    expect((await bodies(spool, 1)).slice(-2)).toEqual(['two', 'three'])
    renameSync(join(root, 'away'), join(root, 'lane'))
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000)
    spool.append('four', 0)
    await spool.settled()
    vi.restoreAllMocks()
    expect(await bodies(await open())).toEqual(['one', 'two', 'three', 'four'])
  })

  it('has a record in its file before append returns: a process killed then loses none', async () => {
    const spool = await open({ sync: true })
    spool.append('one', 0)
    spool.append('two', 7)
    const [name = ''] = files()
    expect(scanFrames(readFileSync(join(root, 'lane', name))).frames).toEqual([
      { seq: 0, body: 'one' },
      { seq: 7, body: 'two' },
    ])
    expect(await spool.settled()).toBe(true)
  })

  it('asks for room on a full disk and writes the record then', async () => {
    const spool = await open({
      segmentBytes: 1,
      makeRoom: () => {
        rmSync(join(root, 'lane', FULL_FILE))
        return true
      },
    })
    spool.append('one', 0)
    symlinkSync('/dev/full', join(root, 'lane', FULL_FILE))
    spool.append('two', 0)
    expect(await spool.settled()).toBe(true)
    expect(await bodies(await open())).toEqual(['one', 'two'])
  })

  it('tries a refused record again by itself: the last one of an incident waits for no other', async () => {
    vi.useFakeTimers()
    const spool = await open({ segmentBytes: 1 })
    spool.append('one', 0)
    symlinkSync('/dev/full', join(root, 'lane', FULL_FILE))
    spool.append('two', 0)
    expect(await spool.settled()).toBe(false)
    rmSync(join(root, 'lane', FULL_FILE))
    vi.advanceTimersByTime(6_000)
    vi.useRealTimers()
    expect(await spool.settled()).toBe(true)
  })

  it('lets go of what is said again later, and of nothing else, when disk and memory are full', async () => {
    const spool = await open({ memoryMax: 500, segmentBytes: 1, isSpare: (body) => body.startsWith('updated') })
    rmSync(join(root, 'lane'), { recursive: true })
    spool.append('opened', 0)
    for (let i = 0; i < 200; i++) spool.append(`updated ${i}`, 0)
    spool.append('resolved', 0)
    const left = await bodies(spool)
    expect([left[0], left.at(-1)]).toEqual(['opened', 'resolved'])
    expect(left.length).toBeLessThan(60)
    mkdirSync(join(root, 'lane'))
  })

  it('keeps memory bounded when the disk refuses for long', async () => {
    const spool = await open({ memoryMax: 10_000, segmentBytes: 1 })
    rmSync(join(root, 'lane'), { recursive: true })
    for (let i = 0; i < 2_000; i++) spool.append('x'.repeat(100), 0)
    await spool.settled()
    expect((await bodies(spool)).length).toBeLessThanOrEqual(100)
    mkdirSync(join(root, 'lane'))
  })
})
