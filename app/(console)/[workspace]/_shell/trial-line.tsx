import { trialAt } from '@/app/_lib/trial'
import { Time } from '@/app/_ui/time'

/** What is left of the trial, calmly, and what happens then. Nothing here switches anything off. */
export function TrialLine({ endsMs, nowMs }: { endsMs: number; nowMs: number }) {
  const { isOver, left } = trialAt(endsMs, nowMs)
  return (
    <details data-noprint className="group/trial border-b border-line px-4 text-sm text-soft sm:px-6 lg:px-8">
      <summary className="flex min-h-8 list-none flex-wrap items-center gap-x-3 py-1 [&::-webkit-details-marker]:hidden">
        <span>
          <span className="font-medium text-ink">Trial</span> {isOver ? 'ended' : 'until'}{' '}
          <Time atMs={endsMs} form="minute" />
          {isOver ? null : `, ${left}`}
        </span>
        <span className="text-accent underline underline-offset-2">
          {isOver ? 'What happens now' : 'What happens then'}
        </span>
      </summary>
      <div className="flex max-w-2xl flex-col gap-1 pb-3">
        <p>
          Not at once: first a banner, later no new nodes, then detection without drops, then a pause. Each step is
          announced before, and none is taken during an open incident or a live event.
        </p>
        <p>
          No card is asked for until then. What it costs:{' '}
          <a href="/pricing" className="text-accent underline underline-offset-2">
            prices
          </a>
          .
        </p>
      </div>
    </details>
  )
}
