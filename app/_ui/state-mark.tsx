import { STATE_WORDS, type State } from '@/app/_lib/states'

const SHAPES: Record<State, React.ReactNode> = {
  clean: <circle cx="8" cy="8" r="5.5" />,
  watching: <path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" />,
  attack: <path d="M8 1.8 15 14H1Z" />,
  mitigated: <path d="M8 1.2 13.9 4.6V11.4L8 14.8 2.1 11.4V4.6Z" />,
  impaired: <path d="M8 14.2 1 2H15Z" />,
  offline: <circle cx="8" cy="8" r="4.75" fill="none" stroke="currentColor" strokeWidth="2" />,
  surge: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <path d="M8 3a5 5 0 0 0 0 10Z" />
    </>
  ),
}

const COLOURS: Record<State, string> = {
  clean: 'text-clean',
  watching: 'text-watching',
  attack: 'text-attack',
  mitigated: 'text-mitigated',
  impaired: 'text-impaired',
  offline: 'text-offline',
  surge: 'text-surge',
}

export const stateColour = (state: State): string => COLOURS[state]

/** The shape alone; always beside a word. */
export function StateShape({ state, size = 12 }: { state: State; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="currentColor"
      strokeLinejoin="round"
      className={`shrink-0 ${COLOURS[state]}`}
      data-state={state}
    >
      {SHAPES[state]}
    </svg>
  )
}

/** Colour, shape and word: the only way a state is shown. */
export function StateMark({
  state,
  word = STATE_WORDS[state],
  size = 12,
}: {
  state: State
  word?: string
  size?: number
}) {
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${COLOURS[state]}`}>
      <StateShape state={state} size={size} />
      {word}
    </span>
  )
}
