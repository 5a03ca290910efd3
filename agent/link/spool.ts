import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorText } from '../errors'
import type { Log } from '../log'
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
  /** Wait for the disk after each write. */
  sync: boolean
  segmentBytes?: number
  log: Log
}

export type Spool = {
  /** Takes a record at once and writes it behind the caller's back; returns its ordinal. */
  append(body: string, seq: number): number
  /** Up to `max` records from `from` on, oldest first. */
  read(from: number, max: number): Promise<SpoolRecord[]>
  /** Ordinal the next record gets. */
  readonly end: number
  readonly cursor: Cursor
  /** Remembers how far the gateway is, on disk before it resolves, and lets go of what it has. */
  keepCursor(cursor: Cursor): Promise<void>
  /** Resolves when everything taken so far was written, or refused by the disk. */
  settled(): Promise<void>
  /** Lets go of the file once everything taken was written. */
  close(): Promise<void>
}

const SEGMENT_BYTES = 512 * 1024
/** Written records kept for the sender, so that steady traffic is not read back from disk; in characters. */
const RECENT_MAX = 128 * 1024
const RETRY_MS = 5_000
const CURSOR_FILE = 'cursor.json'

export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const segments = await Segments.open(options.directory, options.segmentBytes ?? SEGMENT_BYTES)
  return new DiskSpool(options, segments, await readCursor(options))
}

async function readCursor({ directory, name, log }: SpoolOptions): Promise<Cursor> {
  const fresh = { seq: 0, ordinal: 0, sent: [] }
  const text = await readFile(join(directory, CURSOR_FILE), 'utf8').catch(() => null)
  if (text === null) return fresh
  try {
    return Cursor.parse(JSON.parse(text))
  } catch {
    log.warn(`The cursor of the ${name} spool is damaged: everything in it is offered again.`)
    return fresh
  }
}

class DiskSpool implements Spool {
  /** Newest records in the order taken, unwritten ones included. */
  private recent: SpoolRecord[] = []
  private recentSize = 0
  private unwritten = 0
  private endOrdinal: number
  private work: Promise<void> = Promise.resolve()
  private isWriting = false
  private failedAtMs: number | null = null

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
    this.trim()
    this.write()
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
      await this.settled()
      const onDisk = await this.segments.read(from)
      if (onDisk.length > 0) return onDisk
    }
    return this.recent.filter(({ ordinal }) => ordinal >= from)
  }

  keepCursor(cursor: Cursor): Promise<void> {
    this.current = cursor
    this.work = this.work.then(() => this.writeCursor())
    return this.work
  }

  private async writeCursor(): Promise<void> {
    const path = join(this.options.directory, CURSOR_FILE)
    try {
      await writeFile(`${path}.new`, JSON.stringify(this.current), { mode: 0o600 })
      await rename(`${path}.new`, path)
      await this.segments.dropBefore(this.current.ordinal)
    } catch (error) {
      this.options.log.warn(`The cursor of the ${this.options.name} spool cannot be written: ${errorText(error)}.`)
    }
  }

  settled(): Promise<void> {
    return this.work
  }

  async close(): Promise<void> {
    await this.settled()
    await this.segments.close()
  }

  /** A refusal of the disk is said once and never reaches the caller; a later record tries again. */
  private write(): void {
    if (this.isWriting) return
    if (this.failedAtMs !== null && Date.now() - this.failedAtMs < RETRY_MS) return
    this.isWriting = true
    this.work = this.work
      .then(() => this.writeAll())
      .then(
        () => this.recovered(),
        (error: unknown) => this.refused(error),
      )
    void this.work.then(() => {
      this.isWriting = false
      if (this.unwritten > 0) this.write()
    })
  }

  private async writeAll(): Promise<void> {
    while (this.unwritten > 0) {
      const batch = contiguous(this.recent.slice(this.recent.length - this.unwritten))
      await this.segments.append(batch, this.options.sync)
      const written = batch.at(-1)?.ordinal ?? 0
      this.unwritten = this.recent.filter(({ ordinal }) => ordinal > written).length
      this.trim()
      await this.keepRoom()
    }
  }

  private async keepRoom(): Promise<void> {
    const { bytesMax, name, log } = this.options
    if (bytesMax === null) return
    const keepBefore = Math.max(this.current.ordinal, this.current.sent.at(-1)?.end ?? 0)
    while (this.segments.bytes > bytesMax) {
      if (!(await this.segments.dropOldest(keepBefore))) return
      log.warn(`The ${name} spool is full: its oldest records were let go.`)
    }
  }

  /** Keeps memory bounded: written records beyond the newest few go first, then, aloud, the oldest unwritten ones. */
  private trim(): void {
    let drop = 0
    while (this.recentSize > RECENT_MAX && this.recent.length - drop > this.unwritten) drop = this.letGo(drop)
    while (this.recentSize > this.options.memoryMax && this.recent.length - drop > 1) {
      drop = this.letGo(drop)
      this.unwritten -= 1
      this.options.log.error(`The disk refuses the ${this.options.name} spool and memory is full: a record was lost.`)
    }
    if (drop > 0) this.recent = this.recent.slice(drop)
  }

  private letGo(index: number): number {
    this.recentSize -= this.recent[index]?.body.length ?? 0
    return index + 1
  }

  private recovered(): void {
    if (this.failedAtMs === null) return
    this.failedAtMs = null
    this.options.log.info(`The ${this.options.name} spool is written again.`)
  }

  private refused(error: unknown): void {
    const { name, log } = this.options
    if (this.failedAtMs === null)
      log.error(
        `The ${name} spool cannot be written, it goes on in memory: ${errorText(error)}. Make room on the disk.`,
      )
    this.failedAtMs = Date.now()
  }
}

function contiguous(records: readonly SpoolRecord[]): SpoolRecord[] {
  const start = records[0]?.ordinal ?? 0
  return records.filter(({ ordinal }, i) => ordinal === start + i)
}
