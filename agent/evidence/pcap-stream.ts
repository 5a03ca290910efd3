const FILE_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16
const NANOSECOND_MAGIC = 0xa1b23c4d

export type PcapCount = {
  packets: number
  firstPacketUs: number | null
  lastPacketUs: number | null
  /** Bytes up to the end of the last whole record; 0 before a whole file header. */
  wholeBytes: number
}

/** Counts the records of a little-endian pcap stream as its bytes go by, without keeping them. */
export class PcapCounter {
  readonly count: PcapCount = { packets: 0, firstPacketUs: null, lastPacketUs: null, wholeBytes: 0 }
  private rest: Buffer = Buffer.alloc(0)
  private ticksPerMicro = 0

  push(chunk: Buffer): void {
    let bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk
    if (this.ticksPerMicro === 0) {
      if (bytes.length < FILE_HEADER_BYTES) {
        this.rest = bytes
        return
      }
      this.ticksPerMicro = bytes.readUInt32LE(0) === NANOSECOND_MAGIC ? 1_000 : 1
      this.count.wholeBytes = FILE_HEADER_BYTES
      bytes = bytes.subarray(FILE_HEADER_BYTES)
    }
    this.rest = Buffer.from(this.take(bytes))
  }

  /** Consumes whole records; returns the bytes of an unfinished one. */
  private take(bytes: Buffer): Buffer {
    let at = 0
    while (at + RECORD_HEADER_BYTES <= bytes.length) {
      const length = RECORD_HEADER_BYTES + bytes.readUInt32LE(at + 8)
      if (at + length > bytes.length) break
      const atUs = bytes.readUInt32LE(at) * 1e6 + Math.floor(bytes.readUInt32LE(at + 4) / this.ticksPerMicro)
      this.count.packets += 1
      this.count.firstPacketUs ??= atUs
      this.count.lastPacketUs = atUs
      this.count.wholeBytes += length
      at += length
    }
    return bytes.subarray(at)
  }
}

/** Packets the kernel dropped, from tcpdump's closing lines; null when it did not come to say so. */
export function parseKernelDrops(stderr: string): number | null {
  const found = /^(\d+) packets? dropped by kernel/m.exec(stderr)
  return found ? Number(found[1]) : null
}
