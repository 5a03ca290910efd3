import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VECTORS } from '../../wire/vectors'
import { guessUdpServices, loadPackets } from '../commands/replay'
import golden from '../fixtures/captures.golden.json'
import { rehearse } from './rehearse'

const CAPTURES = join(import.meta.dirname, '../../../shared/captures')
const present = existsSync(CAPTURES)
if (!present) console.warn(`captures are not at ${CAPTURES}: verdicts on recorded traffic are not tested here`)

const recordings = Object.entries(golden as Record<string, Golden>).map(([sha256, one]) => ({ sha256, ...one }))

type Golden = { file: string; pps: number | null; families: string[]; droppedShareMin: number | null }

describe.runIf(present)('verdicts on recorded traffic', () => {
  test.each(recordings)(
    '$file is judged as its ground truth says',
    async ({ sha256, file, pps, families, droppedShareMin }) => {
      const path = join(CAPTURES, file)
      expect(createHash('sha256').update(readFileSync(path)).digest('hex'), basename(file)).toBe(sha256)
      const packets = await loadPackets(path, pps ?? undefined)
      const { incidents } = rehearse(packets, { udp: guessUdpServices(packets), tcp: [] })
      expect(
        incidents.flatMap((one) => (one.verdict.findings[0] ? [VECTORS[one.verdict.findings[0].vectorId].family] : [])),
      ).toEqual(families)
      const [incident] = incidents
      if (droppedShareMin !== null && incident)
        expect(incident.droppedAfter / incident.packetsAfter).toBeGreaterThanOrEqual(droppedShareMin)
    },
  )
})
