import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRoom } from './room'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'room-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function roomWith(oldSamples: number) {
  let left = oldSamples
  const onChange = vi.fn()
  const error = vi.fn()
  const log = Object.assign(Object.create(pino({ level: 'silent' })), { error })
  const room = createRoom({
    directory,
    log,
    onChange,
    letGoOldest: () => {
      left -= 1
      return left >= 0
    },
  })
  return { room, onChange, error, left: () => Math.max(0, left) }
}

describe('room on a full disk', () => {
  it('is made of the oldest samples first, then of the reserve, which is for incidents alone', () => {
    const { room, left } = roomWith(2)
    room.open()
    const reserve = join(directory, 'reserve')
    expect(statSync(reserve).size).toBe(4 * 1024 ** 2)
    expect([room.make('incidents'), room.make('samples')]).toEqual([true, true])
    expect(left()).toBe(0)
    expect(room.make('samples')).toBe(false)
    expect(existsSync(reserve)).toBe(true)
    expect(room.make('incidents')).toBe(true)
    expect(existsSync(reserve)).toBe(false)
    expect(room.make('incidents')).toBe(false)
    room.close()
  })

  it('says once that the disk is full, and once that it has room again', async () => {
    vi.useFakeTimers()
    const { room, onChange, error } = roomWith(5)
    room.open()
    room.make('samples')
    room.make('incidents')
    vi.runOnlyPendingTimers()
    expect(room.isFull).toBe(false)
    expect(onChange.mock.calls.map(([kind]) => kind)).toEqual(['disk_full', 'disk_ok'])
    expect(error).toHaveBeenCalledTimes(1)
    expect(error.mock.calls[0]?.[0]).toMatch(/oldest samples are let go, incidents are kept. Make room on the disk/)
    room.close()
    vi.useRealTimers()
  })
})
