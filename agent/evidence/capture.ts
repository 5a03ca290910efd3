import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { EvidenceFile } from '../../wire/evidence'
import { AgentError, systemCode } from '../errors'
import { PcapCounter, parseKernelDrops } from './pcap-stream'

export const CAPTURE_SNAP_LENGTH = 128
/** tcpdump writes out what it holds within this time, or loses it. */
const END_MS_MAX = 3_000

export type SegmentOptions = {
  path: string
  name: string
  interfaceName: string
  packetsMax: number
  secondsMax: number
  /** pcap filter expression. */
  filter: string
}

export type Segment = {
  /** Resolves when tcpdump has ended and the file is on disk. */
  done: Promise<EvidenceFile>
  /** Asks tcpdump to end now; what it has is kept. */
  stop(): void
}

/** tcpdump bounded by count and by time even if the agent dies, below everything else in priority. */
function spawnTcpdump({ interfaceName, packetsMax, secondsMax, filter }: SegmentOptions): ChildProcess {
  // 39 steps down end at the lowest priority, whatever the agent's own is.
  const bound = ['-n', '39', 'timeout', '--signal=INT', '--kill-after=2', String(secondsMax)]
  const what = ['-p', '-n', '-i', interfaceName, '-s', String(CAPTURE_SNAP_LENGTH), '-c', String(packetsMax)]
  const how = ['--time-stamp-precision=nano', '-B', '4096', '-w', '-', filter]
  return spawn('nice', [...bound, 'tcpdump', ...what, ...how], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** `timeout` struck by a signal just as it forks leaves tcpdump behind: the whole group is told, and then made to. */
function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGINT')
  const lastResort = setTimeout(() => signalGroup(child, 'SIGKILL'), END_MS_MAX)
  child.once('close', () => clearTimeout(lastResort))
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}

/** Records one segment and hashes it while it is written. */
export function startSegment(options: SegmentOptions): Segment {
  const child = spawnTcpdump(options)
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  exited.catch(() => undefined)
  return { done: record(options, child, exited), stop: () => endGroup(child) }
}

async function record(options: SegmentOptions, child: ChildProcess, exited: Promise<void>): Promise<EvidenceFile> {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_096)
  })
  const counter = new PcapCounter()
  const hash = createHash('sha256')
  const file = await open(options.path, 'w', 0o600)
  let bytes = 0
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk)
      counter.push(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
    await exited
    await settle(file, counter, bytes)
  } finally {
    signalGroup(child, 'SIGKILL')
    await file.close()
  }
  if (counter.count.wholeBytes === 0)
    throw new AgentError('no_capture', `tcpdump recorded nothing: ${stderr.trim().split('\n').at(-1) || 'it ended'}.`)
  const isWhole = counter.count.wholeBytes === bytes
  const sha256 = isWhole ? hash.digest('hex') : await hashFile(options.path)
  return captureFile(options.name, counter, sha256, parseKernelDrops(stderr))
}

// A killed tcpdump leaves half a packet: the file ends at the last whole one.
async function settle(file: FileHandle, counter: PcapCounter, bytes: number): Promise<void> {
  if (counter.count.wholeBytes !== bytes) await file.truncate(counter.count.wholeBytes)
  await file.sync()
}

function captureFile(name: string, { count }: PcapCounter, sha256: string, kernelDrops: number | null): EvidenceFile {
  return {
    name,
    sha256,
    bytes: count.wholeBytes,
    packets: count.packets,
    source: 'capture',
    firstPacketUs: count.firstPacketUs,
    lastPacketUs: count.lastPacketUs,
    timestampResolution: 'ns',
    snapLength: CAPTURE_SNAP_LENGTH,
    samplingRate: 1,
    kernelDrops,
  }
}

/** A segment that a killed agent left behind, cut at its last whole packet; null when it holds no file header. */
export async function salvageSegment(path: string, name: string): Promise<EvidenceFile | null> {
  const counter = new PcapCounter()
  for await (const chunk of createReadStream(path)) counter.push(chunk as Buffer)
  if (counter.count.wholeBytes === 0) return null
  const file = await open(path, 'r+')
  try {
    await file.truncate(counter.count.wholeBytes)
    await file.sync()
  } finally {
    await file.close()
  }
  return captureFile(name, counter, await hashFile(path), null)
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
