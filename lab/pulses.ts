import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Fired } from './fire'
import type { IncidentRecord } from './records'
import { measureFlood, type Pulse } from './result'
import type { Stand } from './stand'

/** When rules dropped in each of an attack's pulses, by the node's own ledger: it is written when nft has answered. */

const Line = z.looseObject({
  atUs: z.number(),
  incidentId: z.string(),
  step: z.string(),
  cuts: z.array(z.looseObject({ action: z.string() })),
})

/** Moments at which rules that drop entered the kernel, and at which they stood down to counting. */
export type Armed = { atUs: number; drops: boolean }

/** What the ledger says of one incident; a torn last line is left out. Pure. */
export function armedMoments(ledger: string, incidentId: string): Armed[] {
  return ledger.split('\n').flatMap((text) => {
    try {
      const line = Line.parse(JSON.parse(text))
      if (line.step !== 'applied' || line.incidentId !== incidentId) return []
      return [{ atUs: line.atUs, drops: line.cuts.some(({ action }) => action !== 'count') }]
    } catch {
      return []
    }
  })
}

/** When rules dropped during a burst: at once, if they stood when it began; null if they never did. */
export function ruleIn(moments: readonly Armed[], firstUs: number, endUs: number): number | null {
  const standing = moments.findLast(({ atUs }) => atUs <= firstUs)
  if (standing?.drops) return firstUs
  return moments.find(({ atUs, drops }) => drops && atUs > firstUs && atUs <= endUs)?.atUs ?? null
}

export type PulseWindow = { firstUs: number; ruleUs: number | null; endUs: number; pulse: Pulse }

export function pulsesOf(stand: Stand, fired: Fired, incident: IncidentRecord | null): PulseWindow[] {
  const agent = stand.agents.find(({ node }) => node === fired.side.node)!
  const path = join(agent.stateDir, 'ledger.jsonl')
  const ledger = fired.bursts.length > 1 && existsSync(path) ? readFileSync(path, 'utf8') : ''
  const moments = armedMoments(ledger, incident?.id ?? '')
  const startUs = fired.bursts[0]!.firstUs
  return fired.bursts.map(({ firstUs, endUs, standing }, index) => {
    const ruleUs = index === 0 ? (incident?.report.stages.ruleInKernelUs ?? null) : ruleIn(moments, firstUs, endUs)
    const { droppedShareSinceRule } = measureFlood(fired.series, fired.peace, { firstUs, ruleUs, endUs })
    const pulse: Pulse = {
      startMs: (firstUs - startUs) / 1000,
      armedMs: ruleUs === null ? null : (ruleUs - firstUs) / 1000,
      droppedShareSinceRule,
      standingInPause: standing,
    }
    return { firstUs, ruleUs, endUs, pulse }
  })
}
