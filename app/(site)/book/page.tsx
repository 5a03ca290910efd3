import type { Metadata } from 'next'
import { web } from '@/server/auth/instances'
import { sendsMail } from '@/server/trpc/context'
import { siteMetadata } from '../_site/metadata'
import { PageTop } from '../_site/page-top'
import { BookingForm } from './booking-form'

export const metadata: Metadata = siteMetadata(
  '/book',
  'Book a walk-through',
  'Half an hour on a call, with your servers and your event in mind. Say when it suits you.',
)

const STEPS = [
  ['You say when', 'and what you run.'],
  ['We answer by mail', 'with a time, or with a question first. A person writes it.'],
  [
    'We look at it together',
    'on a test server of yours if you like: a flood in a lab, and what each of you would see.',
  ],
] as const

export default function BookPage() {
  return (
    <>
      <PageTop
        title="Have somebody show you around"
        lead={
          <p>
            Half an hour, with your servers and your event in mind. You can also begin alone: the trial needs nobody.
          </p>
        }
      />
      <div className="border-t border-line">
        <div className="mx-auto grid w-full max-w-[1180px] gap-x-14 gap-y-12 px-5 py-12 sm:px-8 lg:grid-cols-[minmax(0,6fr)_minmax(0,4fr)] lg:py-16">
          <BookingForm sendsMail={sendsMail(web())} />
          <ol className="flex h-fit flex-col">
            {STEPS.map(([title, text]) => (
              <li key={title} className="flex flex-col gap-0.5 border-b border-line py-4 first:border-t">
                <span className="text-md font-medium">{title}</span>
                <span className="text-md text-soft">{text}</span>
              </li>
            ))}
          </ol>
        </div>
      </div>
    </>
  )
}
