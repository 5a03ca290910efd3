import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// The young generation otherwise grows with the first burst and stays: 14 MB more for an agent that has 80 in all.
setFlagsFromString('--semi-space-growth-factor=1')

// Code that has not run for a while would be thrown away and compiled anew in front of the first cut.
setFlagsFromString('--no-flush-bytecode')

/** Gives back what was used once: of itself the collector comes only when the heap has grown several times over. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

/** So much code must run in a function before the optimizing compiler takes it, once what matters has been through it. */
const INTERRUPT_BUDGET = 4 * 1024 ** 2

/** From here on the compiler leaves lukewarm code alone: in a flood it would take as much time as the judge. */
export function calmCompiler(): void {
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`)
}
