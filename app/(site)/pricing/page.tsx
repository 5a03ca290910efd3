import type { Metadata } from 'next'
import { PRICES } from '@/server/core/prices'
import { FactList } from '../_site/fact-list'
import { siteMetadata } from '../_site/metadata'
import { dollars } from '../_site/money'
import { Begin, PageTop } from '../_site/page-top'
import { Part } from '../_site/part'
import { Calculator } from './calculator'

export const metadata: Metadata = siteMetadata(
  '/pricing',
  'Pricing',
  `${dollars(PRICES.node.monthly)} a server and month, ${dollars(PRICES.node.annualPerMonth)} paid by the year. Seats, bandwidth and attacks cost nothing. ${PRICES.trialDays} days to try it without a card.`,
)

const RULES = [
  [
    'A node',
    'Counts from its enrolment until you archive it. Added in the middle of a month, it costs the rest of it.',
  ],
  [
    'Replaced servers',
    'Only more nodes than the period has seen at once are charged. Archiving refunds nothing, but frees the place until the period ends, by the year as well.',
  ],
  ['White-label', 'The amount paid once stands on your balance in full: your first bills are paid from it.'],
  ['Tax', 'Added where it must be. There is no contract, no minimum and no overage.'],
] as const

const LATE = [
  ['First', 'a banner. Everything works.'],
  ['Then', 'no new nodes. Those you have are protected as before.'],
  ['Then', 'detection without drops.'],
  ['At last', 'a pause. Paying ends it at once.'],
] as const

export default function PricingPage() {
  return (
    <>
      <PageTop
        title="A price per server, and nothing else"
        lead={
          <p>
            Seats, bandwidth, attacks, status pages and evidence cost nothing. {PRICES.trialDays} days to try
            everything, without a card.
          </p>
        }
      />
      <div className="mx-auto w-full max-w-[1180px] px-5 pb-16 sm:px-8 lg:pb-20">
        <Calculator />
      </div>
      <Part
        title="All prices"
        lead={<p>In US dollars, before tax. This page, the estimate above and the bill read one table.</p>}
      >
        <PriceTable />
      </Part>
      <Part title="What is counted, and when">
        <FactList facts={RULES} />
      </Part>
      <Part
        title="When a bill is late"
        lead={
          <p>
            Nothing is switched off during an open incident or a live event, whatever the bill says: each step waits for
            its end. The end of a trial is a step like any other. Each is announced by mail before.
          </p>
        }
      >
        <ol className="flex flex-col">
          {LATE.map(([when, what]) => (
            <li key={what} className="flex gap-6 border-b border-line py-3.5 text-md first:border-t">
              <span className="w-20 shrink-0 font-medium">{when}</span>
              <span className="text-soft">{what}</span>
            </li>
          ))}
        </ol>
      </Part>
      <section aria-label="Begin" className="border-t border-line bg-sunken">
        <div className="mx-auto flex w-full max-w-[1180px] flex-col items-start gap-6 px-5 py-16 sm:px-8">
          <h2 className="text-2xl font-semibold tracking-tight">Try it on one server tonight</h2>
          <Begin />
        </div>
      </section>
    </>
  )
}

function PriceTable() {
  const { node, whiteLabelOnce, flowSourceMonthly } = PRICES
  const tiers = flowSourceMonthly.map(({ upTo, cents }, index) => {
    const from = (flowSourceMonthly[index - 1]?.upTo ?? 0) + 1
    return {
      name: upTo === null ? `Flow source, from number ${from}` : `Flow source, number ${from} to ${upTo}`,
      cents,
    }
  })
  return (
    <div className="flex flex-col gap-4">
      <table className="w-full border-collapse text-left text-md">
        <caption className="sr-only">Prices in US dollars</caption>
        <tbody>
          <Price name="Node, by the month" cents={node.monthly} unit="a month" />
          <Price name="Node, by the year, paid ahead" cents={node.annualPerMonth} unit="a month" />
          <Price name="Node, white-label, no commitment" cents={node.whiteLabelMonthly} unit="a month" />
          <Price name="White-label" cents={whiteLabelOnce} unit="once, credited in full" />
          {tiers.map(({ name, cents }) => (
            <Price key={name} name={name} cents={cents} unit="a month" />
          ))}
          <tr className="border-b border-line">
            <th scope="row" className="py-3 pr-4 font-normal">
              Seats, bandwidth, overage, contract
            </th>
            <td className="pr-3 text-right font-medium">nothing</td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className="text-sm text-faint">
        Flow sources are graduated: each costs the price of its own number, so one more never makes the bill smaller.
        They have no collector yet; none is billed until there is one. White-label is not on sale yet.
      </p>
    </div>
  )
}

function Price({ name, cents, unit }: { name: string; cents: number; unit: string }) {
  return (
    <tr className="border-b border-line">
      <th scope="row" className="py-3 pr-4 font-normal">
        {name}
      </th>
      <td className="figures pr-3 text-right font-medium">{dollars(cents)}</td>
      <td className="w-[32%] text-base text-faint sm:w-[26%]">{unit}</td>
    </tr>
  )
}
