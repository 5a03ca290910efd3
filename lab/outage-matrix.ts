import { caseName, type OutageCase, runOutage, STAGES } from './outage-case'
import { faultsOfIncident, faultsOfSamples, receivedOf } from './outage-check'
import { type OutageStand, openOutageStand, VICTIMS, type Victim } from './outage-stand'

/** Every victim alone and every two together, at every stage of the main job. */
export function allCases(): OutageCase[] {
  return STAGES.flatMap((stage) => victimSets().map((victims) => ({ stage, victims })))
}

/** Each set of victims once and each stage at least once. */
export function coveringCases(): OutageCase[] {
  return victimSets().map((victims, index) => ({ victims, stage: STAGES[(index * 3) % STAGES.length]! }))
}

function victimSets(): Victim[][] {
  const pairs = VICTIMS.flatMap((one, index) => VICTIMS.slice(index + 1).map((other) => [one, other]))
  return [...VICTIMS.map((victim) => [victim]), ...pairs]
}

/** How often each process ended by itself: an outage of one is no reason for another to end. */
const deathsIn = ({ processes }: OutageStand): number[] => VICTIMS.map((victim) => processes[victim].deaths)

const faultsOfDeaths = (before: readonly number[], after: readonly number[]): string[] =>
  VICTIMS.filter((_, index) => after[index] !== before[index]).map(
    (victim) => `${victim} ended although nobody killed it`,
  )

export type OutageResult = { name: string; faults: string[]; requests: number; repeats: number; seconds: number }

/** Runs the cases one after another on one stand; what one breaks the next would see. */
export async function runOutages(
  root: string,
  folder: string,
  cases: readonly OutageCase[],
  say: (line: string) => void,
): Promise<{ results: OutageResult[]; samples: number; sampleFaults: string[] }> {
  const stand = await openOutageStand(root, folder)
  try {
    const results: OutageResult[] = []
    for (const one of cases) {
      const startedMs = performance.now()
      const deathsBefore = deathsIn(stand)
      const outcome = await runOutage(stand, one).then(
        async ({ incidentId }) => ({ incidentId, faults: await faultsOfIncident(stand, incidentId) }),
        (error: Error) => ({ incidentId: null, faults: [error.message] }),
      )
      const received = outcome.incidentId === null ? [] : receivedOf(stand, outcome.incidentId)
      const result = {
        name: caseName(one),
        faults: [...outcome.faults, ...faultsOfDeaths(deathsBefore, deathsIn(stand))],
        requests: received.length,
        repeats: received.filter(({ mayBeRepeat }) => mayBeRepeat).length,
        seconds: (performance.now() - startedMs) / 1_000,
      }
      results.push(result)
      const verdict = result.faults.length === 0 ? 'held' : `FAILED: ${result.faults.join('; ')}`
      say(`${result.seconds.toFixed(1).padStart(5)} s  ${result.name}: ${verdict}`)
    }
    const { faults, stored } = await faultsOfSamples(stand)
    say(`${stored} samples stored${faults.length > 0 ? `, FAILED: ${faults.join('; ')}` : ', none lost, none twice'}`)
    return { results, samples: stored, sampleFaults: faults }
  } finally {
    await stand.close()
  }
}
