import type { Metadata } from 'next'
import { web } from '@/server/auth/instances'
import { sendsMail } from '@/server/trpc/context'
import { siteMetadata } from '../_site/metadata'
import { PageTop } from '../_site/page-top'
import { GuideForm } from './guide-form'
import { GuideText, SECTIONS } from './guide-text'

export const metadata: Metadata = siteMetadata(
  '/guide',
  'Implementation guide',
  'From the first server to the first event: installing the agent, connections and ports, what to agree with your provider, sign-in, calendars, and a rehearsal.',
)

/** What the guide holds and the way to it. Where no mail goes out it stands here, open. */
export default function GuidePage() {
  if (!sendsMail(web())) return <OpenGuide />
  return (
    <>
      <PageTop
        title="The implementation guide"
        lead={
          <p>
            What somebody who has to do it needs: from the first server to the evening itself, with the commands, the
            connections and what to agree with others beforehand.
          </p>
        }
      />
      <div className="border-t border-line">
        <div className="mx-auto grid w-full max-w-[1180px] gap-x-14 gap-y-12 px-5 py-12 sm:px-8 lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)] lg:py-16">
          <section aria-label="What is in it">
            <ol className="flex flex-col">
              {SECTIONS.map(({ id, title, about }, index) => (
                <li key={id} className="flex gap-5 border-b border-line py-3.5 first:border-t">
                  <span className="figures w-5 shrink-0 text-md text-faint">{index + 1}</span>
                  <span className="flex flex-col">
                    <span className="text-md font-medium">{title}</span>
                    <span className="text-soft">{about}</span>
                  </span>
                </li>
              ))}
            </ol>
          </section>
          <GuideForm />
        </div>
      </div>
    </>
  )
}

function OpenGuide() {
  return (
    <>
      <PageTop
        title="The implementation guide"
        lead={<p>This platform sends no mail, so the guide is open here: no address is asked for.</p>}
      />
      <GuideText />
    </>
  )
}
