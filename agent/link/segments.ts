import { type FileHandle, mkdir, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../errors'
import { encodeFrame, type Frame, scanFrames } from './frame'

/** Records of one file: its name is the ordinal of the first. */
type Segment = { first: number; bytes: number }

export type SpoolRecord = Frame & { ordinal: number }

const nameOf = (first: number): string => `${String(first).padStart(16, '0')}.log`

/** Append-only files of one lane. Ordinals only grow; where records were let go, a range of them is missing. */
export class Segments {
  private active: { first: number; file: FileHandle } | null = null
  private cached: { first: number; records: SpoolRecord[] } | null = null

  private constructor(
    private readonly directory: string,
    private readonly segmentBytes: number,
    private readonly list: Segment[],
    /** Ordinal behind the last record on disk. */
    private endOrdinal: number,
  ) {}

  /** Opens a lane and cuts off what a killed agent left half written. */
  static async open(directory: string, segmentBytes: number): Promise<Segments> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const names = (await readdir(directory)).filter((name) => /^\d{16}\.log$/.test(name)).sort()
    const list: Segment[] = []
    for (const name of names)
      list.push({ first: Number(name.slice(0, 16)), bytes: (await stat(join(directory, name))).size })
    const last = list.at(-1)
    if (!last) return new Segments(directory, segmentBytes, list, 0)
    const { frames, wholeBytes } = scanFrames(await readFile(join(directory, nameOf(last.first))))
    if (wholeBytes < last.bytes) await truncate(join(directory, nameOf(last.first)), wholeBytes)
    last.bytes = wholeBytes
    return new Segments(directory, segmentBytes, list, last.first + frames.length)
  }

  get end(): number {
    return this.endOrdinal
  }

  get bytes(): number {
    return this.list.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Writes consecutive records; a failure leaves the file as it was. `sync` waits until they are on the disk. */
  async append(records: readonly SpoolRecord[], sync: boolean): Promise<void> {
    const [head] = records
    if (!head) return
    const segment = this.segmentFor(head.ordinal)
    const file = await this.openFor(segment)
    try {
      const bytes = Buffer.concat(records.map(encodeFrame))
      await file.writeFile(bytes)
      if (sync) await file.datasync()
      segment.bytes += bytes.length
      this.endOrdinal = head.ordinal + records.length
    } catch (error) {
      await file.truncate(segment.bytes).catch(() => undefined)
      await this.close()
      throw error
    }
  }

  // Kept open: opening and closing cost more than the write itself, each second of every day.
  private async openFor(segment: Segment): Promise<FileHandle> {
    if (this.active?.first === segment.first) return this.active.file
    await this.close()
    const file = await open(this.pathOf(segment), 'a', 0o600)
    this.active = { first: segment.first, file }
    return file
  }

  async close(): Promise<void> {
    const file = this.active?.file
    this.active = null
    await file?.close().catch(() => undefined)
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
    const bytes = await readFile(this.pathOf(segment)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    const { frames } = scanFrames(bytes)
    const records = frames.map((frame, i) => ({ ...frame, ordinal: segment.first + i }))
    this.cached = isClosed ? { first: segment.first, records } : null
    return records
  }

  /** Lets go of files whose records all lie before this ordinal. */
  async dropBefore(ordinal: number): Promise<void> {
    while (this.list.length > 1 && (this.list[1] as Segment).first <= ordinal) await this.remove(0)
  }

  /** Lets go of the oldest file that holds nothing before `keepBefore` and is not written to; false if there is none. */
  async dropOldest(keepBefore: number): Promise<boolean> {
    const index = this.list.findIndex(({ first }, i) => first >= keepBefore && i < this.list.length - 1)
    if (index < 0) return false
    await this.remove(index)
    return true
  }

  private async remove(index: number): Promise<void> {
    const [segment] = this.list.splice(index, 1)
    if (!segment) return
    if (this.cached?.first === segment.first) this.cached = null
    await rm(this.pathOf(segment), { force: true })
  }

  private pathOf({ first }: Segment): string {
    return join(this.directory, nameOf(first))
  }
}
