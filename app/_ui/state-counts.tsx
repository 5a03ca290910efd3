import { STATE_WORDS, STATES, type State } from '@/app/_lib/states'
import { StateShape, stateColour } from './state-mark'

/** How many are in each state, worst first, as shape, number and word; states that nobody is in are left out. */
export function StateCounts({ states }: { states: readonly State[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 text-sm">
      {STATES.filter((state) => states.includes(state)).map((state) => (
        <li key={state} className={`inline-flex items-center gap-1 ${stateColour(state)}`}>
          <StateShape state={state} size={10} />
          <span className="figures">{states.filter((one) => one === state).length}</span> {STATE_WORDS[state]}
        </li>
      ))}
    </ul>
  )
}
