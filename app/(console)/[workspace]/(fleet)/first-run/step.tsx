import { Check } from 'lucide-react'

type Props = {
  number: number
  title: string
  /** `open`: made ready here, and done elsewhere. */
  state: 'done' | 'open' | 'now' | 'later'
  isLast?: boolean
  children: React.ReactNode
}

const WORDS = { done: 'done', open: 'waits for the server', now: 'to do now', later: 'comes later' }
const BADGES = {
  done: 'border-clean text-clean',
  open: 'border-accent text-accent',
  now: 'border-accent bg-accent text-accent-ink',
  later: 'border-line-strong text-faint',
}

/** One step of the column: its number, or a tick once it is done; a hairline leads to the next. */
export function Step({ number, title, state, isLast = false, children }: Props) {
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      data-state={state}
      className="grid grid-cols-[28px_minmax(0,1fr)] gap-x-4"
    >
      <div className="flex flex-col items-center">
        <span
          aria-hidden="true"
          className={`figures grid size-7 shrink-0 place-items-center rounded-full border text-sm font-semibold ${BADGES[state]}`}
        >
          {state === 'done' ? <Check size={14} strokeWidth={2.5} /> : number}
        </span>
        {isLast ? null : <span aria-hidden="true" className="w-px flex-1 bg-line" />}
      </div>
      <div className="flex min-w-0 flex-col gap-3 pt-0.5 pb-8">
        <h3 className={`text-md font-medium ${state === 'later' ? 'text-faint' : ''}`}>
          {title}
          <span className="sr-only">, {WORDS[state]}</span>
        </h3>
        {children}
      </div>
    </li>
  )
}
