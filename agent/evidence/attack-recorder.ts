import { join } from 'node:path'
import type { EvidenceFile } from '../../wire/evidence'
import { errorText } from '../errors'
import type { Log } from '../log'
import { type Segment, startSegment } from './capture'

/** The onset is recorded whole; later windows are short and grow rarer, so that an attack of any length fits. */
const FIRST = { packetsMax: 10_000, secondsMax: 5 }
const LATER = { packetsMax: 2_000, secondsMax: 2 }
const PAUSE_SECONDS = { first: 5, factor: 2, max: 300 }
const SEGMENTS_MAX = 60

export type AttackRecorder = {
  /** Ends the running segment and returns every one that was recorded, in order. */
  stop(): Promise<EvidenceFile[]>
}

export const segmentName = (number: number): string => `capture-${String(number).padStart(3, '0')}.pcap`

/** Records an attack in bounded windows of tcpdump until it is stopped. A failure ends recording, and is said. */
export function recordAttack(directory: string, interfaceName: string, filter: string, log: Log): AttackRecorder {
  const files: EvidenceFile[] = []
  let segment: Segment | null = null
  let isStopped = false
  let endPause = (): void => undefined

  const pause = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1_000)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const recordAll = async (): Promise<void> => {
    let pauseSeconds = PAUSE_SECONDS.first
    for (let number = 1; number <= SEGMENTS_MAX && !isStopped; number++) {
      const name = segmentName(number)
      const bounds = number === 1 ? FIRST : LATER
      segment = startSegment({ path: join(directory, name), name, interfaceName, filter, ...bounds })
      files.push(await segment.done)
      if (isStopped) return
      await pause(pauseSeconds)
      pauseSeconds = Math.min(PAUSE_SECONDS.max, pauseSeconds * PAUSE_SECONDS.factor)
    }
  }

  const recording = recordAll().catch((error: unknown) => {
    log.warn({ interfaceName }, `The attack is no longer recorded, the ring is kept: ${errorText(error)}`)
  })
  return {
    async stop() {
      isStopped = true
      segment?.stop()
      endPause()
      await recording
      return files
    },
  }
}
