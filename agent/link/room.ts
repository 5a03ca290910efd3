import { join } from 'node:path'
import type { NodeNotice } from '../../wire/messages'
import { errorText } from '../errors'
import type { Log } from '../log'
import { createReserve, freeBytes } from './reserve'

export type RoomOptions = {
  directory: string
  log: Log
  /** Lets go of the oldest samples; false when none are left that could go. */
  letGoOldest(): boolean
  /** Called when the disk becomes full and when it has room again. */
  onChange(kind: NodeNotice['kind'], text: string): void
}

/** Who gives way on a full disk: the oldest samples first, then the reserve, and that for incidents only. */
export type Room = {
  readonly isFull: boolean
  open(): void
  /** Frees some room for a record of this lane; false when nothing may be given up for it. */
  make(lane: 'incidents' | 'samples'): boolean
  /** Frees this many bytes at the cost of the oldest samples. */
  free(bytes: number): boolean
  close(): void
}

/** A quarter of an hour of reports from one attack. */
const RESERVE_BYTES = 4 * 1024 ** 2
const LOOK_MS = 60_000
const FULL =
  'The disk is full. Detection and mitigation go on; the oldest samples are let go, incidents are kept. Make room on the disk.'

export function createRoom({ directory, log, letGoOldest, onChange }: RoomOptions): Room {
  const reserve = createReserve(join(directory, 'reserve'), RESERVE_BYTES)
  let isFull = false
  let timer: NodeJS.Timeout | null = null

  const becomeFull = (): void => {
    if (isFull) return
    isFull = true
    log.error(FULL)
    // Not from inside the write that found it full.
    setImmediate(() => onChange('disk_full', FULL))
  }

  const look = (): void => {
    let stands = false
    try {
      stands = reserve.keep()
    } catch (error) {
      log.warn(`The reserve for incidents cannot be kept: ${errorText(error)}.`)
    }
    if (!stands || !isFull) return
    isFull = false
    log.info('The disk has room again.')
    onChange('disk_ok', 'The disk has room again.')
  }

  return {
    get isFull() {
      return isFull
    },
    open() {
      look()
      timer = setInterval(look, LOOK_MS).unref()
    },
    make(lane) {
      becomeFull()
      return letGoOldest() || (lane === 'incidents' && reserve.release())
    },
    free(bytes) {
      becomeFull()
      while (freeBytes(directory) < bytes) if (!letGoOldest()) return false
      return true
    },
    close() {
      if (timer) clearInterval(timer)
    },
  }
}
