'use client'
import { useState } from 'react'
import { Segments } from '@/app/_ui/segments'
import { estimate, flowSourcesCents, type Plan } from '@/server/core/prices'
import { dollars, exactDollars } from '../_site/money'

const PLANS: { value: Plan; words: string; says: string }[] = [
  { value: 'monthly', words: 'Monthly', says: 'Paid month by month, ended any day.' },
  { value: 'annual', words: 'Annual', says: 'Nodes are paid for a year ahead.' },
  { value: 'whiteLabel', words: 'White-label', says: 'Under your name and domain, month by month.' },
]
const COUNT_MAX = 10_000

/** What it comes to, from the same table that the bill is made of. */
export function Calculator() {
  const [plan, setPlan] = useState<Plan>('monthly')
  const [nodes, setNodes] = useState('12')
  const [flowSources, setFlowSources] = useState('0')
  const counts = { nodes: countOf(nodes), flowSources: countOf(flowSources) }
  const bill = estimate({ plan, ...counts })
  return (
    <section
      aria-label="Estimate"
      className="grid rounded-lg border border-line bg-raised lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]"
    >
      <div className="flex flex-col gap-7 p-5 sm:p-8">
        <div className="flex flex-col gap-2">
          <div className="flex">
            <Segments
              label="How nodes are paid"
              options={PLANS}
              value={plan}
              onChange={(value) => setPlan(value as Plan)}
              isTall
            />
          </div>
          <p className="text-soft">{PLANS.find(({ value }) => value === plan)?.says}</p>
        </div>
        <Count label="Nodes" hint="Servers that run the agent." value={nodes} onChange={setNodes} />
        <Count
          label="Flow sources"
          hint="Routers that report by sFlow, NetFlow or IPFIX. Most need none."
          value={flowSources}
          onChange={setFlowSources}
        />
      </div>
      <div className="flex flex-col gap-6 border-t border-line p-5 sm:p-8 lg:border-t-0 lg:border-l">
        <p aria-live="polite" className="flex flex-col">
          <span className="figures text-3xl font-semibold tracking-tight" data-part="total">
            {exactDollars(bill.perMonthCents)}
          </span>
          <span className="text-md text-soft">a month, before tax</span>
        </p>
        <dl className="flex flex-col text-md">
          <Line name={`${amount(counts.nodes)} ${counts.nodes === 1 ? 'node' : 'nodes'} at ${dollars(bill.nodeCents)}`}>
            {exactDollars(bill.nodesPerMonthCents)}
          </Line>
          {counts.flowSources === 0 ? null : (
            <Line
              name={`${amount(counts.flowSources)} flow ${counts.flowSources === 1 ? 'source' : 'sources'}, ${averageOf(counts.flowSources)} each on average`}
            >
              {exactDollars(bill.flowSourcesPerMonthCents)}
            </Line>
          )}
          <Line name="Seats, bandwidth, attacks">nothing</Line>
          {bill.nodesPrepaidCents === null ? null : (
            <Line name="Nodes, paid ahead for a year">{exactDollars(bill.nodesPrepaidCents)}</Line>
          )}
          {bill.onceCents === 0 ? null : (
            <Line name="Once, credited in full to your balance">{exactDollars(bill.onceCents)}</Line>
          )}
        </dl>
        <p className="text-soft">{remarkOn(plan, bill.onceCents, bill.perMonthCents)}</p>
      </div>
    </section>
  )
}

const countOf = (text: string): number => Math.min(COUNT_MAX, Math.max(0, Math.floor(Number(text) || 0)))
const amount = (count: number): string => count.toLocaleString('en-US')
const averageOf = (sources: number): string => dollars(Math.round(flowSourcesCents(sources) / sources))

function remarkOn(plan: Plan, onceCents: number, perMonthCents: number): string {
  if (plan === 'annual') return 'Flow sources are paid by the month, also beside a year of nodes.'
  if (plan !== 'whiteLabel') return 'A node added in the middle of a month costs the rest of it.'
  if (perMonthCents === 0 || perMonthCents > onceCents) return 'What is paid once goes off your first bill.'
  const bills = Math.floor(onceCents / perMonthCents)
  return `What is paid once covers the first ${bills === 1 ? 'bill' : `${bills} bills`} of this size${onceCents % perMonthCents === 0 ? '' : `, and ${exactDollars(onceCents % perMonthCents)} of the next`}.`
}

type CountProps = { label: string; hint: string; value: string; onChange: (value: string) => void }

function Count({ label, hint, value, onChange }: CountProps) {
  const step = (by: number) => onChange(String(Math.min(COUNT_MAX, Math.max(0, countOf(value) + by))))
  const hintId = `${label.replace(' ', '-').toLowerCase()}-hint`
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={`${hintId}-input`} className="text-md font-medium">
        {label}
      </label>
      <div className="flex">
        <button type="button" onClick={() => step(-1)} aria-label={`One less: ${label.toLowerCase()}`} className={STEP}>
          −
        </button>
        <input
          id={`${hintId}-input`}
          inputMode="numeric"
          value={value}
          maxLength={6}
          aria-describedby={hintId}
          onChange={(event) => onChange(event.target.value.replace(/\D/g, ''))}
          onBlur={() => onChange(String(countOf(value)))}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
            event.preventDefault()
            step(event.key === 'ArrowUp' ? 1 : -1)
          }}
          className="figures mx-1.5 h-11 w-24 rounded-md border border-line-strong bg-surface px-3 text-center text-lg"
        />
        <button type="button" onClick={() => step(1)} aria-label={`One more: ${label.toLowerCase()}`} className={STEP}>
          +
        </button>
      </div>
      <span id={hintId} className="text-faint">
        {hint}
      </span>
    </div>
  )
}

const STEP = 'eased grid size-11 place-items-center rounded-md border border-line-strong text-lg hover:bg-hover'

const Line = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex justify-between gap-6 border-b border-line py-2.5">
    <dt className="text-soft">{name}</dt>
    <dd className="figures whitespace-nowrap">{children}</dd>
  </div>
)
