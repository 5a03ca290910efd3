import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { errorText } from '../errors'
import type { Log } from '../log'
import { isDiskFull, replaceFile } from '../replace-file'
import { Segments, type SpoolRecord } from './segments'

/** Records [start, end) that went, or were about to go, under this number. */
const Sent = z.object({ seq: z.int().positive(), start: z.int().nonnegative(), end: z.int().nonnegative() })
export type Sent = z.infer<typeof Sent>

/** `seq`: last number known to be stored by the gateway; `ordinal`: first record that is not. */
const Cursor = z.object({ seq: z.int().nonnegative(), ordinal: z.int().nonnegative(), sent: z.array(Sent) })
export type Cursor = z.infer<typeof Cursor>

export type SpoolOptions = {
  directory: string
  /** Name for messages to people. */
  name: string
  /** Above this much on disk the oldest records are let go; null: never. */
  bytesMax: number | null
  /** Records kept in memory while the disk refuses them, in characters. */
  memoryMax: number
  /** Bring each write to the disk itself, behind the caller's back. */
  sync: boolean
  segmentBytes?: number
  /** Frees some room on a full disk; false when there is nothing left to give up. */
  makeRoom?: () => boolean
  /** Whether a record says nothing that a later one does not say again: such go first when memory is full too. */
  isSpare?: (body: string) => boolean
  log: Log
}

export type Spool = {
  /** Takes a record: it is in the file when this returns, or waits in memory while the disk refuses. Returns its ordinal. */
  append(body: string, seq: number): number
  /** Up to `max` records from `from` on, oldest first. */
  read(from: number, max: number): Promise<SpoolRecord[]>
  /** Ordinal the next record gets. */
  readonly end: number
  readonly cursor: Cursor
  /** Remembers how far the gateway is, and lets go of what it has. */
  keepCursor(cursor: Cursor): void
  /** Lets go of the oldest records that are not on their way; false when there are none that could go. */
  letGoOldest(): boolean
  /** Whether everything taken so far is on disk; resolves when that is known. */
  settled(): Promise<boolean>
  close(): Promise<void>
}

const SEGMENT_BYTES = 512 * 1024
/** Written records kept for the sender, so that steady traffic is not read back from disk; in characters. */
const RECENT_MAX = 128 * 1024
const RETRY_MS = 5_000
const CURSOR_FILE = 'cursor.json'

export function openSpool(options: SpoolOptions): Spool {
  const segments = Segments.open(options.directory, options.segmentBytes ?? SEGMENT_BYTES, options.sync)
  return new DiskSpool(options, segments, readCursor(options))
}

function readCursor({ directory, name, log }: SpoolOptions): Cursor {
  const fresh = { seq: 0, ordinal: 0, sent: [] }
  let text: string
  try {
    text = readFileSync(join(directory, CURSOR_FILE), 'utf8')
  } catch {
    return fresh
  }
  try {
    return Cursor.parse(JSON.parse(text))
  } catch {
    log.warn(`The cursor of the ${name} spool is damaged: everything in it is offered again.`)
    return fresh
  }
}

class DiskSpool implements Spool {
  /** Newest records in the order taken; the last `unwritten` of them wait for the disk. */
  private recent: SpoolRecord[] = []
  private recentSize = 0
  private unwritten = 0
  private endOrdinal: number
  private flushing: Promise<void> = Promise.resolve()
  private isFlushDue = false
  private failedAtMs: number | null = null
  private retryTimer: NodeJS.Timeout | null = null
  private lost = 0
  private isCursorRefused = false

  constructor(
    private readonly options: SpoolOptions,
    private readonly segments: Segments,
    private current: Cursor,
  ) {
    this.endOrdinal = Math.max(segments.end, current.ordinal, current.sent.at(-1)?.end ?? 0)
  }

  get end(): number {
    return this.endOrdinal
  }

  get cursor(): Cursor {
    return this.current
  }

  append(body: string, seq: number): number {
    const ordinal = this.endOrdinal++
    this.recent.push({ ordinal, seq, body })
    this.recentSize += body.length
    this.unwritten += 1
    const isPausing = this.failedAtMs !== null && Date.now() - this.failedAtMs < RETRY_MS
    if (!isPausing) this.write()
    this.trim()
    return ordinal
  }

  async read(from: number, max: number): Promise<SpoolRecord[]> {
    const found: SpoolRecord[] = []
    let at = from
    while (found.length < max) {
      const more = await this.readSome(at)
      if (more.length === 0) break
      found.push(...more.slice(0, max - found.length))
      at = (found.at(-1)?.ordinal ?? at) + 1
    }
    return found
  }

  private async readSome(from: number): Promise<SpoolRecord[]> {
    const held = this.recent[0]
    if (held === undefined || held.ordinal > from) {
      const onDisk = await this.segments.read(from)
      if (onDisk.length > 0) return onDisk
    }
    return this.recent.filter(({ ordinal }) => ordinal >= from)
  }

  keepCursor(cursor: Cursor): void {
    this.current = cursor
    const { directory, name, log } = this.options
    try {
      replaceFile(join(directory, CURSOR_FILE), JSON.stringify(cursor))
      this.segments.dropBefore(cursor.ordinal)
      this.isCursorRefused = false
    } catch (error) {
      if (!this.isCursorRefused) log.warn(`The cursor of the ${name} spool cannot be written: ${errorText(error)}.`)
      this.isCursorRefused = true
    }
  }

  letGoOldest(): boolean {
    const { sent } = this.current
    return this.segments.dropOldest({ start: sent[0]?.start ?? 0, end: sent.at(-1)?.end ?? 0 })
  }

  async settled(): Promise<boolean> {
    await this.flushing
    return this.unwritten === 0
  }

  async close(): Promise<void> {
    if (this.retryTimer) clearTimeout(this.retryTimer)
    await this.flushing
    await this.segments.close()
  }

  /** A refusal of the disk is said once and never reaches the caller; it is tried again later. */
  private write(): void {
    try {
      while (this.unwritten > 0) {
        const batch = contiguous(this.recent.slice(this.recent.length - this.unwritten))
        this.writeMakingRoom(batch)
        this.unwritten -= batch.length
      }
      this.recovered()
      this.keepBelowMax()
    } catch (error) {
      this.refused(error)
    }
    if (this.options.sync) this.flushSoon()
  }

  private writeMakingRoom(batch: readonly SpoolRecord[]): void {
    for (;;) {
      try {
        this.segments.append(batch)
        return
      } catch (error) {
        if (!isDiskFull(error) || !this.options.makeRoom?.()) throw error
      }
    }
  }

  private flushSoon(): void {
    if (this.isFlushDue) return
    this.isFlushDue = true
    this.flushing = this.flushing.then(() => {
      this.isFlushDue = false
      return this.segments.flush().catch((error: unknown) => this.refused(error))
    })
  }

  private keepBelowMax(): void {
    const { bytesMax, name, log } = this.options
    while (bytesMax !== null && this.segments.bytes > bytesMax) {
      if (!this.letGoOldest()) return
      log.warn(`The ${name} spool is full: its oldest records were let go.`)
    }
  }

  /** Keeps memory bounded: what is written goes first, then what is said again later, then, aloud, the oldest. */
  private trim(): void {
    const { isSpare = () => false, memoryMax, name, log } = this.options
    while (this.recentSize > Math.min(RECENT_MAX, memoryMax) && this.recent.length > this.unwritten) this.forget(0)
    while (this.recentSize > memoryMax && this.unwritten > 1) {
      const spare = this.recent.findIndex(({ body }, i) => i < this.recent.length - 1 && isSpare(body))
      this.forget(Math.max(0, spare))
      this.unwritten -= 1
      if (spare >= 0) continue
      if (this.lost === 0)
        log.error(`The disk refuses the ${name} spool and memory is full: its oldest records are lost.`)
      this.lost += 1
    }
  }

  private forget(index: number): void {
    const [gone] = this.recent.splice(index, 1)
    this.recentSize -= gone?.body.length ?? 0
  }

  private recovered(): void {
    if (this.failedAtMs === null) return
    this.failedAtMs = null
    const { name, log } = this.options
    log.info({ lost: this.lost }, `The ${name} spool is written again.`)
    this.lost = 0
  }

  private refused(error: unknown): void {
    const { name, log } = this.options
    if (this.failedAtMs === null)
      log.error(
        `The ${name} spool cannot be written, it goes on in memory: ${errorText(error)}. Make room on the disk.`,
      )
    this.failedAtMs = Date.now()
    // No later record may come: the last one of an incident must not wait for the next incident.
    if (this.retryTimer) clearTimeout(this.retryTimer)
    this.retryTimer = setTimeout(() => this.write(), RETRY_MS).unref()
  }
}

function contiguous(records: readonly SpoolRecord[]): SpoolRecord[] {
  const start = records[0]?.ordinal ?? 0
  return records.filter(({ ordinal }, i) => ordinal === start + i)
}
