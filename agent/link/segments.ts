import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemCode } from '../errors'
import { encodeFrame, type Frame, scanFrames } from './frame'

/** Records of one file: its name is the ordinal of the first. */
type Segment = { first: number; bytes: number }

export type SpoolRecord = Frame & { ordinal: number }

const nameOf = (first: number): string => `${String(first).padStart(16, '0')}.log`
const datasync = promisify(fdatasync)

/** Append-only files of one lane. Ordinals only grow; where records were let go, a range of them is missing. */
export class Segments {
  private active: { first: number; fd: number } | null = null
  /** No longer written to, but perhaps not on the disk itself yet. */
  private retired: number[] = []
  private cached: { first: number; records: SpoolRecord[] } | null = null

  private constructor(
    private readonly directory: string,
    private readonly segmentBytes: number,
    private readonly sync: boolean,
    private readonly list: Segment[],
    /** Ordinal behind the last record on disk. */
    private endOrdinal: number,
  ) {}

  /** Opens a lane and cuts off what a killed agent left half written. */
  static open(directory: string, segmentBytes: number, sync: boolean): Segments {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const names = readdirSync(directory)
      .filter((name) => /^\d{16}\.log$/.test(name))
      .sort()
    const list = names.map((name) => ({
      first: Number(name.slice(0, 16)),
      bytes: statSync(join(directory, name)).size,
    }))
    const last = list.at(-1)
    if (!last) return new Segments(directory, segmentBytes, sync, list, 0)
    const { frames, wholeBytes } = scanFrames(readFileSync(join(directory, nameOf(last.first))))
    if (wholeBytes < last.bytes) truncateSync(join(directory, nameOf(last.first)), wholeBytes)
    last.bytes = wholeBytes
    return new Segments(directory, segmentBytes, sync, list, last.first + frames.length)
  }

  get end(): number {
    return this.endOrdinal
  }

  get bytes(): number {
    return this.list.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Writes consecutive records, before it returns: a process killed later loses none. A failure leaves the file as it was. */
  append(records: readonly SpoolRecord[]): void {
    const [head] = records
    if (!head) return
    const segment = this.segmentFor(head.ordinal)
    const fd = this.openFor(segment)
    const bytes = Buffer.concat(records.map(encodeFrame))
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    } catch (error) {
      this.takeBack(segment, fd)
      this.retire()
      throw error
    }
    segment.bytes += bytes.length
    this.endOrdinal = head.ordinal + records.length
  }

  /** What a full disk still took of a record must not stand in the middle of a file: nothing behind it would be read. */
  private takeBack(segment: Segment, fd: number): void {
    try {
      ftruncateSync(fd, segment.bytes)
    } catch {
      segment.bytes = this.segmentBytes
    }
  }

  /** Waits until what was written is on the disk itself, so that a power cut loses none of it either. */
  async flush(): Promise<void> {
    const done = this.retired.splice(0)
    const open = this.active ? [this.active.fd] : []
    try {
      for (const fd of [...done, ...open]) await datasync(fd)
    } finally {
      done.forEach(closeSync)
    }
  }

  // Kept open: opening and closing cost more than the write itself, each second of every day.
  private openFor({ first }: Segment): number {
    if (this.active?.first === first) return this.active.fd
    const fd = openSync(join(this.directory, nameOf(first)), 'a', 0o600)
    this.retire()
    this.active = { first, fd }
    return fd
  }

  // Where records are synced it is closed behind that. Elsewhere at once: an open file keeps its room when it is let go.
  private retire(): void {
    if (this.active && this.sync) this.retired.push(this.active.fd)
    else if (this.active) closeSync(this.active.fd)
    this.active = null
  }

  async close(): Promise<void> {
    this.retire()
    await this.flush().catch(() => undefined)
  }

  private segmentFor(ordinal: number): Segment {
    const last = this.list.at(-1)
    if (last && (last.first === ordinal || (ordinal === this.endOrdinal && last.bytes < this.segmentBytes))) return last
    const fresh = { first: ordinal, bytes: 0 }
    this.list.push(fresh)
    return fresh
  }

  /** Records from the first ordinal at or behind `from` on, within one file; empty when there are none. */
  async read(from: number): Promise<SpoolRecord[]> {
    for (let i = 0; i < this.list.length; i++) {
      const segment = this.list[i] as Segment
      const next = this.list[i + 1]
      if (next && next.first <= from) continue
      const records = (await this.load(segment, next !== undefined)).filter(({ ordinal }) => ordinal >= from)
      if (records.length > 0) return records
    }
    return []
  }

  private async load(segment: Segment, isClosed: boolean): Promise<SpoolRecord[]> {
    if (this.cached?.first === segment.first) return this.cached.records
    const bytes = await readFile(join(this.directory, nameOf(segment.first))).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    const { frames } = scanFrames(bytes)
    const records = frames.map((frame, i) => ({ ...frame, ordinal: segment.first + i }))
    this.cached = isClosed ? { first: segment.first, records } : null
    return records
  }

  /** Lets go of files whose records all lie before this ordinal. */
  dropBefore(ordinal: number): void {
    while (this.list.length > 1 && (this.list[1] as Segment).first <= ordinal) this.remove(0)
  }

  /** Lets go of the oldest file that is not written to and holds nothing of `keep`; false if there is none. */
  dropOldest(keep: { start: number; end: number }): boolean {
    const index = this.list.findIndex(({ first }, i) => {
      const next = this.list[i + 1]
      return next !== undefined && (first >= keep.end || next.first <= keep.start)
    })
    if (index < 0) return false
    this.remove(index)
    return true
  }

  private remove(index: number): void {
    const [segment] = this.list.splice(index, 1)
    if (!segment) return
    if (this.cached?.first === segment.first) this.cached = null
    if (this.active?.first === segment.first) this.retire()
    rmSync(join(this.directory, nameOf(segment.first)), { force: true })
  }
}
