import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runScenario } from './demo-run'
import { shortcomings } from './promises'
import type { RunResult } from './result'
import type { Scenario } from './scenarios'
import { closeStand, openStand, type Stand } from './stand'

/** What goes wrong around the main job, each once, in one lab; the surge last, as it teaches the node. */

const ROOT = join(import.meta.dirname, '..')
const STAND_MS_MAX = 180_000
const RUN_MS_MAX = 180_000

let stand: Stand
beforeAll(async () => {
  stand = await openStand(ROOT, 2, () => {})
}, STAND_MS_MAX)
afterAll(() => closeStand(stand), 60_000)

async function kept(scenario: Scenario, variant: string, seconds: number): Promise<RunResult> {
  const result = await runScenario(stand, { scenario, variant, seconds, drill: null })
  expect(shortcomings(result)).toEqual([])
  return result
}

describe('what an audience, a pulse and odd floods do to a node', () => {
  test(
    'two nodes attacked at once, one over IPv6, have an incident each, named apart, each with every stage',
    async () => {
      const { nodes, otherNodes } = await kept('two-at-once', 'ipv6+syn', 4)
      expect(nodes.map(({ incidents }) => incidents)).toEqual([1, 1])
      expect(new Set(nodes.map(({ incident }) => incident?.id)).size).toBe(2)
      expect(nodes.map(({ incident }) => incident?.vectors[0]?.id)).toEqual(['udp_flood_fixed', 'syn_flood'])
      expect(otherNodes.incidents).toBe(0)
    },
    RUN_MS_MAX,
  )

  test(
    'pulses of random packets are one incident, held to the new-source limit; in a pause rules only count',
    async () => {
      const { heldBy, incidents, incident, nodes } = await kept('pulse', 'short', 2)
      expect(incidents).toBe(1)
      expect(incident?.vectors.map(({ id }) => id)).toEqual(['udp_flood_random'])
      expect((heldBy?.dropped ?? 0) + (heldBy?.limited ?? 0)).toBeGreaterThanOrEqual(0.99)
      expect(nodes[0]?.pulses).toHaveLength(4)
      for (const pulse of nodes[0]?.pulses.slice(0, 3) ?? [])
        expect(pulse.standingInPause).toMatchObject({ dropping: 0, lasting: 0 })
      expect(nodes[0]?.pulses[0]?.standingInPause?.counting).toBeGreaterThan(0)
    },
    RUN_MS_MAX,
  )

  test(
    'players times eight within 12 s open no incident, leave a surge with its reasons, and nobody is limited',
    async () => {
      const { incidents, surges, crowd } = await kept('surge', 'rush', 5)
      expect(incidents).toBe(0)
      expect(surges[0]?.reasons.length).toBeGreaterThan(5)
      expect(crowd?.rulesSeen).toBe(0)
    },
    RUN_MS_MAX,
  )
})
