import { PRICES } from '@/server/core/prices'
import { dollars } from './money'
import { Begin } from './page-top'

/** Ends every public page: what it costs, and the way in. */
export function Closing() {
  return (
    <section aria-label="Begin" className="border-t border-line bg-sunken">
      <div className="mx-auto flex w-full max-w-[1180px] flex-col items-start gap-6 px-5 py-16 sm:px-8 lg:py-20">
        <h2 className="max-w-[720px] text-2xl font-semibold tracking-tight">
          {dollars(PRICES.node.monthly)} a server and month.
          <br className="hidden sm:inline" /> {PRICES.trialDays} days to try it, without a card.
        </h2>
        <p className="max-w-[600px] text-md text-soft">
          Seats, bandwidth and attacks cost nothing. A bill that is late never switches protection off during an attack
          or a live event.{' '}
          <a href="/pricing" className="text-accent underline underline-offset-2">
            All prices
          </a>
        </p>
        <Begin />
      </div>
    </section>
  )
}
